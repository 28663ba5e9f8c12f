# upgrades the container alp_rc, alp_rc:v3.18.9-0.0.1
# for RouterOS 7.23.2 and later (arm64); written by alpbuild rsc, see docs/rsc.md
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
    :if (($rscNumber < 7023002)) do={
        :error ("this script is for RouterOS 7.23.2 and later, the router has " . $rscVersion . ": write one with alpbuild rsc --routeros and that version")
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
    :local rscName "alp_rc"
    :local rscWhy ""
    :foreach rscMark in=($rscNext , $rscSpare) do={
        :if (([$rscState $rscOwner] = "gone") && ([$rscState $rscMark] != "gone")) do={
            /container/set ([/container/find where comment=$rscMark]->0) comment=$rscOwner start-on-boot=yes
        }
    }
    :foreach rscMark in=($rscBefore , $rscSpare , $rscOwner) do={
        :foreach rscMine in=[/container/find where comment=$rscMark] do={
            :local rscUsed [:tostr [/container/get $rscMine interface]]
            :foreach rscWas in=($rscOwner , $rscNext , $rscBefore , $rscSpare) do={
                :if ($rscWas != $rscMark) do={
                    :local rscVethIds [/interface/veth/find where name=$rscUsed comment=$rscWas]
                    :if (($rscMark = $rscOwner) && ([:len $rscVethIds] > 0)) do={
                        :foreach rscId in=[/interface/bridge/port/find where comment=$rscOwner] do={
                            :if ([:tostr [/interface/bridge/port/get $rscId interface]] != $rscUsed) do={ /interface/bridge/port/remove $rscId }
                        }
                        /interface/veth/remove [/interface/veth/find where comment=$rscOwner]
                    }
                    :foreach rscId in=[/interface/bridge/port/find where interface=$rscUsed comment=$rscWas] do={ /interface/bridge/port/set $rscId comment=$rscMark }
                    :foreach rscId in=$rscVethIds do={ /interface/veth/set $rscId comment=$rscMark }
                }
            }
        }
    }
    :if ([$rscState $rscOwner] = "gone") do={
        :error "there is no container to upgrade: install it first, with alpbuild rsc without --upgrade"
    }
    :local rscCut ([$rscState $rscNext] != "gone")
    {
        :local rscMark $rscNext
        :local rscIds [/container/find where comment=$rscMark]
        :if ([:len $rscIds] > 0) do={
            :local rscGone [:tostr [/container/get ($rscIds->0) root-dir]]
            :if ([:pick $rscGone 0 1] = "/") do={ :set rscGone [:pick $rscGone 1 [:len $rscGone]] }
            :if ([$rscState $rscMark] = "running") do={ /container/stop ($rscIds->0) }
            :local rscWait 300
            :while ((([$rscState $rscMark] = "running") || ([$rscState $rscMark] = "busy")) && ($rscWait > 0)) do={
                :delay 2s
                :set rscWait ($rscWait - 1)
            }
            /container/remove $rscIds
            :delay 2s
            :do { /file/remove [/file/find where name=$rscGone] } on-error={ :put ("remove the folder " . $rscGone . " by hand") }
        }
        /interface/bridge/port/remove [/interface/bridge/port/find where comment=$rscMark]
        /interface/veth/remove [/interface/veth/find where comment=$rscMark]
    }
    :if ($rscCut && ([$rscState $rscOwner] = "stopped")) do={
        :local rscId ([/container/find where comment=$rscOwner]->0)
        :local rscBoot [:tostr [/container/get $rscId start-on-boot]]
        :if (($rscBoot = "yes") || ($rscBoot = "true")) do={
            /container/start $rscId
            :local rscLeft 30
            :while (([$rscState $rscOwner] != "running") && ($rscLeft > 0)) do={
                :delay 1s
                :set rscLeft ($rscLeft - 1)
            }
        }
    }
    :local rscOldId ([/container/find where comment=$rscOwner]->0)
    :local rscOld [/container/get $rscOldId]
    :local rscOldRoot [:tostr ($rscOld->"root-dir")]
    :if ([:pick $rscOldRoot 0 1] = "/") do={ :set rscOldRoot [:pick $rscOldRoot 1 [:len $rscOldRoot]] }
    :if ($rscOldRoot = $rscRoot) do={
        :set rscRoot ($rscRoot . ".b")
    }
    :if (($rscOld->"name") = $rscName) do={ :set rscName ($rscName . "-b") }
    :local rscOldVeth [/interface/veth/find where comment=$rscOwner]
    :if ([:len $rscOldVeth] = 0) do={
        :error "the container's interface is gone: add one to /interface/veth with the comment of the container"
    }
    :set rscOldVeth [/interface/veth/get ($rscOldVeth->0)]
    :if (($rscOldVeth->"name") = $rscVeth) do={ :set rscVeth ($rscVeth . "-b") }
    :local rscWas [$rscState $rscOwner]
    :if ($rscWas = "busy") do={
        :error "the container is being extracted: wait until /container/print shows it as stopped, and run this script again"
    }
    :local rscSame ([:tostr ($rscOld->"tag")] = "alp_rc:v3.18.9-0.0.1")
    :if ($rscSame) do={ :put "it has this tag already; alpbuild rsc --upgrade --force writes a script that upgrades all the same" }
    :if (!$rscSame) do={
    {
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
    }
    :local rscGoes false
    :foreach rscMark in=($rscBefore , $rscSpare) do={
        :foreach rscId in=[/container/find where comment=$rscMark] do={
            :local rscItsRoot [:tostr [/container/get $rscId root-dir]]
            :if (($rscItsRoot = $rscRoot) || ($rscItsRoot = ("/" . $rscRoot))) do={ :set rscGoes true }
        }
    }
    :if (!$rscGoes) do={
        :if ([:len [/file/find where name=$rscRoot]] > 0) do={
            :error ("the folder " . $rscRoot . " is there already, and RouterOS would not extract into it: remove it, or choose another with --root-dir")
        }
    }
    :foreach rscMark in=($rscBefore , $rscSpare) do={
        :if ([$rscState $rscMark] != "gone") do={ :put ("removing the container before: " . $rscMark) }
        :local rscIds [/container/find where comment=$rscMark]
        :if ([:len $rscIds] > 0) do={
            :local rscGone [:tostr [/container/get ($rscIds->0) root-dir]]
            :if ([:pick $rscGone 0 1] = "/") do={ :set rscGone [:pick $rscGone 1 [:len $rscGone]] }
            :if ([$rscState $rscMark] = "running") do={ /container/stop ($rscIds->0) }
            :local rscWait 300
            :while ((([$rscState $rscMark] = "running") || ([$rscState $rscMark] = "busy")) && ($rscWait > 0)) do={
                :delay 2s
                :set rscWait ($rscWait - 1)
            }
            /container/remove $rscIds
            :delay 2s
            :do { /file/remove [/file/find where name=$rscGone] } on-error={ :put ("remove the folder " . $rscGone . " by hand") }
        }
        /interface/bridge/port/remove [/interface/bridge/port/find where comment=$rscMark]
        /interface/veth/remove [/interface/veth/find where comment=$rscMark]
    }
    :do {
        /interface/veth/add comment=$rscNext name=$rscVeth address=($rscOldVeth->"address") gateway=($rscOldVeth->"gateway")
        :foreach rscId in=[/interface/bridge/port/find where comment=$rscOwner] do={
            /interface/bridge/port/add comment=$rscNext bridge=[/interface/bridge/port/get $rscId bridge] interface=$rscVeth
        }
    } on-error={ :set rscWhy ("the interface " . $rscVeth . " could not be added: is there another one of this name?") }
    :local rscAdded5 false
    :if (($rscWhy = "") && ([:len [/ip/firewall/nat/find where comment="alpbuild: alp_rc tcp 22"]] = 0)) do={
        :do { /ip/firewall/nat/add comment="alpbuild: alp_rc tcp 22" chain="dstnat" action="dst-nat" dst-address-type="local" in-interface-list="LAN" protocol="tcp" dst-port="2222" to-addresses="172.17.0.2" to-ports="22"; :set rscAdded5 true } on-error={ :set rscWhy "port 2222/tcp of the router could not be added to /ip/firewall/nat: is there an interface list of this name\3F Choose another with --from, or all" }
    }
    :local rscAdded6 false
    :if (($rscWhy = "") && ([:len [/container/envs/find where list="alp_rc" key="TZ"]] = 0)) do={
        :do { /container/envs/add list="alp_rc" key="TZ" value="UTC"; :set rscAdded6 true } on-error={ :set rscWhy "variable TZ could not be added to /container/envs: is its value one that RouterOS takes\3F" }
    }
    :local rscAdded7 false
    :if (($rscWhy = "") && ([:len [/container/mounts/find where list="alp_rc" dst="/config"]] = 0)) do={
        :do { /container/mounts/add list="alp_rc" dst="/config" src="usb1/alp_rc-config"; :set rscAdded7 true } on-error={ :set rscWhy "mount /config could not be added to /container/mounts: choose another folder with --volume" }
    }
    :local rscAdded8 false
    :if (($rscWhy = "") && ([:len [/container/mounts/find where list="alp_rc" dst="/srv"]] = 0)) do={
        :do { /container/mounts/add list="alp_rc" dst="/srv" src="usb1/alp_rc-srv"; :set rscAdded8 true } on-error={ :set rscWhy "mount /srv could not be added to /container/mounts: choose another folder with --volume" }
    }
    :if ($rscWhy = "") do={
        :do { /container/add comment=$rscNext interface=$rscVeth root-dir=$rscRoot name=$rscName start-on-boot="no" file="usb1/alp_rc-v3.18.9-0.0.1-arm64.tar" hostname="alp_rc" dns="1.1.1.1" logging="yes" envlists="alp_rc" mountlists="alp_rc" memory-high="64M" memory-max="64M" restart-policy="on-failure" restart-interval="10s" stop-time="15s" ignore-remote-image-change="yes" entrypoint="/sbin/init" } on-error={ :set rscWhy "the new container could not be added: look at /log/print" }
    }
    :if ($rscWhy = "") do={
        :local rscLeft 300
        :delay 2s
        :while (([$rscState $rscNext] = "busy") && ($rscLeft > 0)) do={
            :delay 2s
            :set rscLeft ($rscLeft - 1)
        }
        :local rscNow [$rscState $rscNext]
        :if ($rscNow != "stopped") do={ :set rscWhy ("the image was not extracted (" . $rscNow . "): look at /log/print, check the file with alpbuild check") }
    }
    :if ($rscWhy = "") do={
        :put "extracted; the old container stops"
        :if ($rscWas = "running") do={ /container/stop $rscOldId }
        :local rscLeft 60
        :while (([$rscState $rscOwner] = "running") && ($rscLeft > 0)) do={
            :delay 1s
            :set rscLeft ($rscLeft - 1)
        }
        :if ([$rscState $rscOwner] = "running") do={ :set rscWhy "the old container does not stop: look at /log/print" }
    }
    :if ($rscWhy = "") do={
        :do { /container/start [/container/find where comment=$rscNext] } on-error={ :put "it could not be started" }
        :local rscLeft 30
        :while (([$rscState $rscNext] != "running") && ($rscLeft > 0)) do={
            :delay 1s
            :set rscLeft ($rscLeft - 1)
        }
        :delay 10s
        :if ([$rscState $rscNext] != "running") do={ :set rscWhy "the new container does not keep running: alpbuild explain tells what the lines of /log/print mean" }
    }
    :if ($rscWhy != "") do={
        :local rscMark $rscNext
        :local rscIds [/container/find where comment=$rscMark]
        :if ([:len $rscIds] > 0) do={
            :local rscGone [:tostr [/container/get ($rscIds->0) root-dir]]
            :if ([:pick $rscGone 0 1] = "/") do={ :set rscGone [:pick $rscGone 1 [:len $rscGone]] }
            :if ([$rscState $rscMark] = "running") do={ /container/stop ($rscIds->0) }
            :local rscWait 300
            :while ((([$rscState $rscMark] = "running") || ([$rscState $rscMark] = "busy")) && ($rscWait > 0)) do={
                :delay 2s
                :set rscWait ($rscWait - 1)
            }
            /container/remove $rscIds
            :delay 2s
            :do { /file/remove [/file/find where name=$rscGone] } on-error={ :put ("remove the folder " . $rscGone . " by hand") }
        }
        /interface/bridge/port/remove [/interface/bridge/port/find where comment=$rscMark]
        /interface/veth/remove [/interface/veth/find where comment=$rscMark]
        :if ($rscAdded8) do={ /container/mounts/remove [/container/mounts/find where list="alp_rc" dst="/srv"] }
        :if ($rscAdded7) do={ /container/mounts/remove [/container/mounts/find where list="alp_rc" dst="/config"] }
        :if ($rscAdded6) do={ /container/envs/remove [/container/envs/find where list="alp_rc" key="TZ"] }
        :if ($rscAdded5) do={ /ip/firewall/nat/remove [/ip/firewall/nat/find where comment="alpbuild: alp_rc tcp 22"] }
        :if (($rscWas = "running") && ([$rscState $rscOwner] != "running")) do={ /container/start $rscOldId }
        :error ("not upgraded, the old container stays: " . $rscWhy)
    }
    :local rscNewId ([/container/find where comment=$rscNext]->0)
    /container/set $rscNewId start-on-boot=yes
    /container/remove $rscOldId
    :delay 2s
    :foreach rscMark in=($rscNext , $rscSpare) do={
        :if (([$rscState $rscOwner] = "gone") && ([$rscState $rscMark] != "gone")) do={
            /container/set ([/container/find where comment=$rscMark]->0) comment=$rscOwner start-on-boot=yes
        }
    }
    :foreach rscMark in=($rscBefore , $rscSpare , $rscOwner) do={
        :foreach rscMine in=[/container/find where comment=$rscMark] do={
            :local rscUsed [:tostr [/container/get $rscMine interface]]
            :foreach rscWas in=($rscOwner , $rscNext , $rscBefore , $rscSpare) do={
                :if ($rscWas != $rscMark) do={
                    :local rscVethIds [/interface/veth/find where name=$rscUsed comment=$rscWas]
                    :if (($rscMark = $rscOwner) && ([:len $rscVethIds] > 0)) do={
                        :foreach rscId in=[/interface/bridge/port/find where comment=$rscOwner] do={
                            :if ([:tostr [/interface/bridge/port/get $rscId interface]] != $rscUsed) do={ /interface/bridge/port/remove $rscId }
                        }
                        /interface/veth/remove [/interface/veth/find where comment=$rscOwner]
                    }
                    :foreach rscId in=[/interface/bridge/port/find where interface=$rscUsed comment=$rscWas] do={ /interface/bridge/port/set $rscId comment=$rscMark }
                    :foreach rscId in=$rscVethIds do={ /interface/veth/set $rscId comment=$rscMark }
                }
            }
        }
    }
    :do { /file/remove [/file/find where name=$rscOldRoot] } on-error={ :put ("remove the folder " . $rscOldRoot . " by hand") }
    :do { /container/set $rscNewId name="alp_rc" } on-error={ :put ("its name is " . $rscName) }
    :put "alp_rc is upgraded"
    }
}
