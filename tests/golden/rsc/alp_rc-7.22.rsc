# installs the container alp_rc, alp_rc:v3.18.9-0.0.1
# for RouterOS 7.21 to 7.22 (arm64); written by alpbuild rsc, see docs/rsc.md
#
# Upload it and run: /import file-name=NAME.rsc
# It may be run again at any time.
#
# What the image knows (--port, --volume, --env):
#   port 22/tcp: SSH
#   folder /config: authorized_keys, read by the first start
#   folder /srv: your data
#   variable TZ: time zone, as in Europe/Berlin
#   variable SSH_AUTHORIZED_KEYS: public keys for root
#   variable SSH_AUTHORIZED_KEYS_FILE: a file of such keys; /config/authorized_keys by default
{
    :local rscVersion [:tostr [/system/resource/get version]]
    :local rscNumber 0
    :local rscPart 0
    :local rscParts 0
    :local rscMore true
    :local rscText ($rscVersion . " ")
    :for rscAt from=0 to=([:len $rscText] - 1) do={
        :local rscChar [:pick $rscText $rscAt ($rscAt + 1)]
        :if ($rscMore) do={
            :if ($rscChar ~ "[0-9]") do={
                :set rscPart ($rscPart * 10 + [:tonum $rscChar])
            } else={
                :set rscNumber ($rscNumber * 1000 + $rscPart)
                :set rscPart 0
                :set rscParts ($rscParts + 1)
                :if ($rscChar != ".") do={ :set rscMore false }
            }
        }
    }
    :if ($rscParts = 2) do={ :set rscNumber ($rscNumber * 1000) }
    :if (($rscNumber < 7021000) || ($rscNumber >= 7023000)) do={
        :error ("this script is for RouterOS 7.21 to 7.22, the router has " . $rscVersion . ": write one with alpbuild rsc --routeros and that version")
    }
    :local rscArch [:tostr [/system/resource/get architecture-name]]
    :if (($rscArch != "arm64")) do={
        :error ("the image is for arm64, the router is " . $rscArch . ": build or choose the image of that architecture")
    }
    :local rscFound false
    :foreach rscId in=[/system/package/find] do={
        :local rscItem [/system/package/get $rscId]
        :if ((($rscItem->"name") = "container") && ([:tostr ($rscItem->"disabled")] != "true") && ([:tostr ($rscItem->"available")] != "true")) do={ :set rscFound true }
    }
    :if (!$rscFound) do={
        :error "the package container is not installed: upload container-VERSION.npk of the router's version and architecture, and reboot (from 7.18: /system/package/apply-changes)"
    }
}
{
    :local rscOwner "alpbuild: alp_rc"
    :local rscNext ($rscOwner . " (next)")
    :local rscBefore ($rscOwner . " (previous)")
    :local rscSpare ($rscOwner . " (old)")
    # running, stopped, failed, busy (being extracted) or gone
    :local rscState do={
        :local rscIds [/container/find where comment=$1]
        :if ([:len $rscIds] = 0) do={ :return "gone" }
        :local rscItem [/container/get ($rscIds->0)]
        :local rscStatus [:tostr ($rscItem->"status")]
        :if (($rscStatus = "running") || ([:tostr ($rscItem->"running")] = "true")) do={ :return "running" }
        :if (($rscStatus = "error") || ([:tostr ($rscItem->"failed")] = "true")) do={ :return "failed" }
        :if (($rscStatus = "stopped") || ([:tostr ($rscItem->"stopped")] = "true")) do={ :return "stopped" }
        :return "busy"
    }
    :local rscDisk "usb1"
    :local rscFile "usb1/alp_rc-v3.18.9-0.0.1-arm64.tar"
    :local rscRoot "usb1/alp_rc"
    :local rscVeth "veth-alp_rc"
    :local rscAddress "172.17.0.2/24"
    :local rscFrom "LAN"
    :local rscNow [$rscState $rscOwner]
    :if ($rscNow = "gone") do={
        :foreach rscMark in=($rscNext , $rscBefore , $rscSpare) do={
            :if ([$rscState $rscMark] != "gone") do={
                :error ("there is a container with the comment " . $rscMark . ", left of an upgrade: go on with alpbuild deploy, or with the script of alpbuild rsc --upgrade where it is (next) or (old); or remove it with that of alpbuild rsc --remove")
            }
        }
        :if ([:len [/file/find where name=$rscDisk]] = 0) do={
            :error ("there is no disk " . $rscDisk . ": see /disk/print, format one with ext4, or choose another with --disk")
        }
        :local rscFiles [/file/find where name=$rscFile]
        :if ([:len $rscFiles] = 0) do={
            :error ("there is no file " . $rscFile . ": upload the image to this place, by sftp for example")
        }
        :local rscNeed [:tonum [/file/get ($rscFiles->0) size]]
        :set rscNeed ($rscNeed + $rscNeed / 10)
        :local rscFree ""
        :foreach rscId in=[/disk/find] do={
            :local rscItem [/disk/get $rscId]
            :if ((($rscItem->"slot") = $rscDisk) || (($rscItem->"name") = $rscDisk)) do={ :set rscFree [:tonum ($rscItem->"free")] }
        }
        :if ([:typeof $rscFree] = "num") do={
            :if ($rscFree < $rscNeed) do={
                :error ("not enough space: " . ($rscNeed / 1048576 + 1) . " MiB are needed, " . ($rscFree / 1048576) . " MiB are free: remove files, or choose another disk with --disk")
            }
        }
        :if ([:len [/file/find where name=$rscRoot]] > 0) do={
            :error ("the folder " . $rscRoot . " is there already, and RouterOS would not extract into it: remove it, or choose another with --root-dir")
        }
    }
    :if ([:len [/interface/list/find where name=$rscFrom]] = 0) do={
        :error ("there is no interface list " . $rscFrom . ", from which the ports may be used: choose one of /interface/list/print with --from, or --from all")
    }
    :if ([:len [/interface/veth/find where comment=$rscOwner]] = 0) do={
    :foreach rscId in=[/interface/veth/find] do={
        :local rscItem [/interface/veth/get $rscId]
        :if ((($rscItem->"comment") != $rscOwner) && ((($rscItem->"name") = $rscVeth) || ([:tostr ($rscItem->"address")] = $rscAddress))) do={
            :error ("the interface " . ($rscItem->"name") . " has the name or the address of the new one: choose others with --name and --address")
        }
    }
    }
    :if ([:len [/interface/bridge/find where name="containers"]] = 0) do={
        :do { /interface/bridge/add name="containers" comment="alpbuild" } on-error={
            :error "bridge of containers could not be added to /interface/bridge: choose another name with --bridge"
        }
        :put "added: bridge of containers"
    }
    :if ([:len [/ip/address/find where address="172.17.0.1/24" interface="containers"]] = 0) do={
        :do { /ip/address/add address="172.17.0.1/24" interface="containers" comment="alpbuild" } on-error={
            :error "address of the bridge could not be added to /ip/address: choose another network with --address"
        }
        :put "added: address of the bridge"
    }
    :if ([:len [/interface/veth/find where comment="alpbuild: alp_rc"]] = 0) do={
        :do { /interface/veth/add comment="alpbuild: alp_rc" name="veth-alp_rc" address="172.17.0.2/24" gateway="172.17.0.1" } on-error={
            :error "interface of the container could not be added to /interface/veth: is there another interface of this name, or another use of the address\3F Choose others with --name and --address"
        }
        :put "added: interface of the container"
    }
    :set rscVeth [/interface/veth/get ([/interface/veth/find where comment=$rscOwner]->0) name]
    :if ([:len [/interface/bridge/port/find where comment="alpbuild: alp_rc"]] = 0) do={
        :do { /interface/bridge/port/add comment="alpbuild: alp_rc" bridge="containers" interface=$rscVeth } on-error={
            :error "the interface on the bridge could not be added to /interface/bridge/port: is the interface on another bridge\3F Remove it there"
        }
        :put "added: the interface on the bridge"
    }
    :if ([:len [/ip/firewall/nat/find where chain="srcnat" action="masquerade" src-address="172.17.0.0/24"]] = 0) do={
        :do { /ip/firewall/nat/add chain="srcnat" action="masquerade" src-address="172.17.0.0/24" comment="alpbuild" } on-error={
            :error "NAT for containers could not be added to /ip/firewall/nat: write the script with --no-nat and add what your firewall needs"
        }
        :put "added: NAT for containers"
    }
    :if ([:len [/ip/firewall/nat/find where comment="alpbuild: alp_rc tcp 22"]] = 0) do={
        :do { /ip/firewall/nat/add comment="alpbuild: alp_rc tcp 22" chain="dstnat" action="dst-nat" dst-address-type="local" in-interface-list="LAN" protocol="tcp" dst-port="2222" to-addresses="172.17.0.2" to-ports="22" } on-error={
            :error "port 2222/tcp of the router could not be added to /ip/firewall/nat: is there an interface list of this name\3F Choose another with --from, or all"
        }
        :put "added: port 2222/tcp of the router"
    }
    :if ([:len [/container/envs/find where list="alp_rc" key="TZ"]] = 0) do={
        :do { /container/envs/add list="alp_rc" key="TZ" value="UTC" } on-error={
            :error "variable TZ could not be added to /container/envs: is its value one that RouterOS takes\3F"
        }
        :put "added: variable TZ"
    }
    :if ([:len [/container/mounts/find where list="alp_rc" dst="/config"]] = 0) do={
        :do { /container/mounts/add list="alp_rc" dst="/config" src="usb1/alp_rc-config" } on-error={
            :error "mount /config could not be added to /container/mounts: choose another folder with --volume"
        }
        :put "added: mount /config"
    }
    :if ([:len [/container/mounts/find where list="alp_rc" dst="/srv"]] = 0) do={
        :do { /container/mounts/add list="alp_rc" dst="/srv" src="usb1/alp_rc-srv" } on-error={
            :error "mount /srv could not be added to /container/mounts: choose another folder with --volume"
        }
        :put "added: mount /srv"
    }
    :if ([:len [/container/find where comment="alpbuild: alp_rc"]] = 0) do={
        :do { /container/add comment="alpbuild: alp_rc" name="alp_rc" file="usb1/alp_rc-v3.18.9-0.0.1-arm64.tar" root-dir="usb1/alp_rc" hostname="alp_rc" dns="1.1.1.1" logging="yes" start-on-boot="yes" envlists="alp_rc" mountlists="alp_rc" memory-high="64M" auto-restart-interval="10s" stop-time="15s" entrypoint="/sbin/init" interface=$rscVeth } on-error={
            :error "container could not be added to /container: look at /log/print; does /system/device-mode/print say container: yes\3F If not: /system/device-mode/update container=yes"
        }
        :put "added: container"
    }
    # Extraction takes a while: at most 10 minutes.
    :set rscNow [$rscState $rscOwner]
    :local rscLeft 300
    :while (($rscNow = "busy") && ($rscLeft > 0)) do={
        :delay 2s
        :set rscNow [$rscState $rscOwner]
        :set rscLeft ($rscLeft - 1)
    }
    :if ($rscNow = "gone") do={
        :error ("RouterOS could not read " . $rscFile . " and removed the container: look at /log/print, check the file with alpbuild check, upload it again")
    }
    :if ($rscNow = "busy") do={
        :error "the image is still being extracted after 10 minutes: look at /container/print and /log/print, and run this script again when it is stopped"
    }
    :if ($rscNow = "failed") do={
        :error "the image was not extracted: alpbuild explain tells what the line of /log/print means; then remove the container and its folder (alpbuild rsc --remove) and begin again"
    }
    :if ($rscNow = "stopped") do={
        /container/start [/container/find where comment=$rscOwner]
        :set rscLeft 30
        :while (($rscNow != "running") && ($rscLeft > 0)) do={
            :delay 1s
            :set rscNow [$rscState $rscOwner]
            :set rscLeft ($rscLeft - 1)
        }
        :delay 5s
        :set rscNow [$rscState $rscOwner]
        :if ($rscNow != "running") do={
            :error "the container does not keep running: alpbuild explain tells what the lines of /log/print where topics~container mean"
        }
        :put "started"
    }
    :put "alp_rc runs"
}
