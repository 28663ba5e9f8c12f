# removes the container alp_rc, alp_rc:v3.18.9-0.0.1
# for RouterOS 7.20 (arm64); written by alpbuild rsc, see docs/rsc.md
#
# Upload it and run: /import file-name=NAME.rsc
# It may be run again at any time.
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
    :if (($rscNumber < 7020000) || ($rscNumber >= 7021000)) do={
        :error ("this script is for RouterOS 7.20, the router has " . $rscVersion . ": write one with alpbuild rsc --routeros and that version")
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
    :foreach rscMark in=($rscOwner , $rscNext , $rscBefore , $rscSpare) do={
        :local rscNow [$rscState $rscMark]
        :local rscRoot ""
        :if ($rscNow != "gone") do={
            :local rscId ([/container/find where comment=$rscMark]->0)
            :set rscRoot [:tostr [/container/get $rscId root-dir]]
            :if ([:pick $rscRoot 0 1] = "/") do={ :set rscRoot [:pick $rscRoot 1 [:len $rscRoot]] }
            :if ($rscNow = "running") do={ /container/stop $rscId }
            :local rscLeft 60
            :while ((($rscNow = "running") || ($rscNow = "busy")) && ($rscLeft > 0)) do={
                :delay 1s
                :set rscNow [$rscState $rscMark]
                :set rscLeft ($rscLeft - 1)
            }
            :if (($rscNow = "running") || ($rscNow = "busy")) do={
                :error "the container does not stop: look at /container/print, and run this script again when it has"
            }
            /container/remove $rscId
            :put "removed: container"
            :delay 2s
        }
        :if ([:len $rscRoot] > 0) do={
            :do { /file/remove [/file/find where name=$rscRoot] } on-error={ :put ("remove the folder " . $rscRoot . " by hand") }
        }
    }
    :foreach rscMark in=($rscOwner , $rscNext , $rscBefore , $rscSpare) do={
        /interface/bridge/port/remove [/interface/bridge/port/find where comment=$rscMark]
        /interface/veth/remove [/interface/veth/find where comment=$rscMark]
    }
    /ip/firewall/nat/remove [/ip/firewall/nat/find where comment~"^alpbuild: alp_rc (tcp|udp) [0-9]+\$"]
    /container/envs/remove [/container/envs/find where list="alp_rc"]
    /container/mounts/remove [/container/mounts/find where name="alp_rc-config"]
    /container/mounts/remove [/container/mounts/find where name="alp_rc-srv"]
    :local rscBridge "containers"
    :if ([:len [/interface/veth/find where comment~"^alpbuild: "]] = 0) do={
        /ip/firewall/nat/remove [/ip/firewall/nat/find where comment="alpbuild"]
        :local rscPorts [/interface/bridge/port/find where bridge=$rscBridge]
        :local rscBridges [/interface/bridge/find where name=$rscBridge comment="alpbuild"]
        :if ([:len $rscPorts] = 0) do={
            /ip/address/remove [/ip/address/find where interface=$rscBridge comment="alpbuild"]
            /interface/bridge/remove $rscBridges
        }
    }
    :put "alp_rc is removed; its folders with data and the image stay"
}
