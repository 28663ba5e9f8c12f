# upgrade.rsc: RouterOS 7.25beta2 (testing) from the mirror at http://172.31.7.2
# Fetch it anew when the mirror offers something else.
#
#   /tool fetch url="http://172.31.7.2/upgrade-testing.rsc"
#   /import file-name=upgrade-testing.rsc
#
# It fetches what is installed here, disabled packages too, checks each file, and
# leaves the reboot to you. Set before the import, where you want them:
#
#   :global rosUpgradeServer "http://192.168.88.1"   the mirror, seen from here
#   :global rosUpgradeExtra "wifi-qcom,zerotier"     packages to install in addition
#   :global rosUpgradeReboot true                    reboot at the end, unasked
{
    :global rosUpgradeServer
    :global rosUpgradeExtra
    :global rosUpgradeReboot
    :local rosServer "http://172.31.7.2"
    :local rosTarget "7.25beta2"
    :local rosTargetNumber 70251002
    :local rosBridge "7.12.1"
    :local rosBridgeNumber 70123001
    :if ([:len $rosUpgradeServer] > 0) do={ :set rosServer $rosUpgradeServer }

    # 7.25beta2 < 7.25rc1 < 7.25 < 7.25.1
    :local rosNumber do={
        :local nText ($1 . ".")
        :local nStage 3
        :local nField 0
        :local nValue 0
        :local nMajor 0
        :local nMinor 0
        :local nLast 0
        :for nAt from=0 to=([:len $nText] - 1) do={
            :local nChar [:pick $nText $nAt ($nAt + 1)]
            :if ($nChar ~ "[0-9]") do={
                :set nValue ($nValue * 10 + [:tonum $nChar])
            } else={
                :if (($nChar = ".") || ($nStage = 3)) do={
                    :if ($nField = 0) do={ :set nMajor $nValue }
                    :if ($nField = 1) do={ :set nMinor $nValue }
                    :if ($nField = 2) do={ :set nLast $nValue }
                    :set nField ($nField + 1)
                    :set nValue 0
                }
                :if (($nChar != ".") && ($nStage = 3)) do={
                    :set nField 2
                    :set nStage 2
                    :if ($nChar = "a") do={ :set nStage 0 }
                    :if ($nChar = "b") do={ :set nStage 1 }
                }
            }
        }
        :return ((($nMajor * 1000 + $nMinor) * 10 + $nStage) * 1000 + $nLast)
    }

    # Which version: "7.20.8 (stable)" is what the router says of itself.
    :local rosInstalled [:tostr [/system resource get version]]
    :local rosBlank [:find $rosInstalled " "]
    :if ([:typeof $rosBlank] = "num") do={
        :set rosInstalled [:pick $rosInstalled 0 $rosBlank]
    }
    :local rosInstalledNumber [$rosNumber $rosInstalled]
    :if ($rosInstalledNumber < 70000000) do={
        :error ("this is RouterOS " . $rosInstalled . "; the script is for 7")
    }
    :if ($rosInstalledNumber = $rosTargetNumber) do={
        :error ("nothing to do: this is RouterOS " . $rosTarget . " already")
    }
    :if ($rosInstalledNumber > $rosTargetNumber) do={
        :error ("this is RouterOS " . $rosInstalled . ", newer than " . $rosTarget . \
            "; to go back, use /system package downgrade")
    }
    :if (($rosInstalledNumber < $rosBridgeNumber) && ($rosBridgeNumber < $rosTargetNumber)) do={
        :if ([:len $rosBridge] = 0) do={
            :error "routers before 7.12.1 must go to 7.12.1 first, and the mirror \
                does not have it: start it with ROS_BRIDGE=1"
        }
        :put ("RouterOS " . $rosBridge . " comes first; import this again after the reboot")
        :set rosTarget $rosBridge
        :set rosTargetNumber $rosBridgeNumber
    }

    # Which files: x86 has no suffix, and ppc calls itself powerpc.
    :local rosArch [/system resource get architecture-name]
    :if ($rosArch = "x86_64") do={ :set rosArch "x86" }
    :if ($rosArch = "powerpc") do={ :set rosArch "ppc" }
    :local rosSuffix ("-" . $rosArch . ".npk")
    :if ($rosArch = "x86") do={ :set rosSuffix ".npk" }
    :local rosMirrored ""
    :if ($rosTarget = "7.25beta2") do={
        :if ($rosArch = "arm64") do={ :set rosMirrored " routeros=13500000 wifi-qcom=97003 " }
    }
    :if ($rosTarget = "7.12.1") do={
        :if ($rosArch = "arm") do={ :set rosMirrored " routeros=12900000 calea=405015 container=482018 wifiwave2=559021 zerotier=636024 " }
        :if ($rosArch = "arm64") do={ :set rosMirrored " routeros=13500000 calea=97003 container=174006 wifiwave2=251009 zerotier=328012 " }
        :if ($rosArch = "mmips") do={ :set rosMirrored " routeros=13500000 zerotier=97003 " }
        :if ($rosArch = "ppc") do={ :set rosMirrored " routeros=12900000 zerotier=174006 " }
        :if ($rosArch = "x86") do={ :set rosMirrored " routeros=12900000 zerotier=251009 " }
    }
    :if ([:len $rosMirrored] = 0) do={
        :error ("RouterOS " . $rosTarget . " is not mirrored for " . $rosArch . \
            ": see the mirror's ROS_ARCHES")
    }

    # What is wanted; 7.18 and later list packages that are not installed, too.
    :local rosWanted [:toarray ""]
    :foreach rosItem in=[/system package find] do={
        :local rosPackage [/system package get $rosItem]
        :if ([:tostr ($rosPackage->"available")] != "true") do={
            :set rosWanted ($rosWanted, ($rosPackage->"name"))
        }
    }
    # 7.13 took the wireless drivers out of the main package.
    :if (($rosInstalledNumber < 70130000) && ($rosTargetNumber >= 70130000)) do={
        :if ([:len $rosUpgradeExtra] = 0) do={
            :error "from 7.13 on wireless drivers are packages: say which one this \
                router needs and import again, :global rosUpgradeExtra \"wireless\" or \
                \"wifi-qcom\" (802.11ax) or \"wifi-qcom-ac\" or \"none\""
        }
    }
    :foreach rosName in=[:toarray $rosUpgradeExtra] do={
        :if (($rosName != "none") && ([:typeof [:find $rosWanted $rosName]] != "num")) do={
            :set rosWanted ($rosWanted, $rosName)
        }
    }

    # The main package last: without it the others do nothing.
    :local rosFiles [:toarray ""]
    :local rosSizes [:toarray ""]
    :local rosBytes 0
    :foreach rosRound in={1; 2} do={
        :foreach rosName in=$rosWanted do={
            :local rosSkip (($rosName = "routeros") != ($rosRound = 2))
            :if (($rosName = "wifiwave2") && ($rosTargetNumber >= 70130000)) do={
                :set rosSkip true
            }
            :if (!$rosSkip) do={
                :local rosAt [:find $rosMirrored (" " . $rosName . "=")]
                :if ([:typeof $rosAt] != "num") do={
                    :error ("package " . $rosName . " " . $rosTarget . " for " . $rosArch . \
                        " is not mirrored: uninstall it, or see the mirror's ROS_PACKAGES")
                }
                :set rosAt ($rosAt + [:len $rosName] + 2)
                :local rosEnd [:find $rosMirrored " " $rosAt]
                :local rosSize [:tonum [:pick $rosMirrored $rosAt $rosEnd]]
                :set rosFiles ($rosFiles, ($rosName . "-" . $rosTarget . $rosSuffix))
                :set rosSizes ($rosSizes, $rosSize)
                :set rosBytes ($rosBytes + $rosSize)
            }
        }
    }

    # Where there is a folder flash, everything else is in memory.
    :local rosFree [/system resource get free-hdd-space]
    :if ([:len [/file find where name="flash"]] > 0) do={
        :set rosFree [/system resource get free-memory]
    }
    :foreach rosFile in=$rosFiles do={
        :foreach rosItem in=[/file find where name=$rosFile] do={
            :set rosFree ($rosFree + [/file get $rosItem size])
        }
    }
    :if ($rosFree < ($rosBytes + 1048576)) do={
        :error ("not enough space: " . ($rosBytes / 1048576 + 1) . " MiB are needed, " . \
            ($rosFree / 1048576) . " MiB are free; remove files or packages")
    }

    :local rosFailed ""
    :for rosIndex from=0 to=([:len $rosFiles] - 1) do={
        :local rosFile ($rosFiles->$rosIndex)
        :local rosSize ($rosSizes->$rosIndex)
        :local rosGot 0
        :if ([:len $rosFailed] = 0) do={
            :foreach rosItem in=[/file find where name=$rosFile] do={
                :set rosGot [/file get $rosItem size]
            }
            :if ($rosGot != $rosSize) do={
                :put ("fetching " . $rosFile)
                :do {
                    /tool fetch url=($rosServer . "/routeros/" . $rosTarget . "/" . $rosFile) \
                        dst-path=$rosFile
                } on-error={ :put ("could not fetch " . $rosFile) }
                # The list of files is a moment late.
                :for rosTry from=1 to=10 do={
                    :if ($rosGot != $rosSize) do={
                        :delay 500ms
                        :foreach rosItem in=[/file find where name=$rosFile] do={
                            :set rosGot [/file get $rosItem size]
                        }
                    }
                }
            }
            :if ($rosGot != $rosSize) do={ :set rosFailed $rosFile }
        }
    }
    # A part of the packages must not wait for the next reboot.
    :if ([:len $rosFailed] > 0) do={
        :foreach rosFile in=$rosFiles do={
            /file remove [/file find where name=$rosFile]
        }
        :error ("no whole " . $rosFailed . " from " . $rosServer . \
            "; nothing is changed. Is the mirror reachable from here?")
    }

    :local rosApply "/system reboot"
    :if ($rosInstalledNumber >= 70180000) do={ :set rosApply "/system package apply-changes" }
    :if ([:tostr $rosUpgradeReboot] = "true") do={
        :put ("RouterOS " . $rosTarget . " is installed now: the router reboots")
        :local rosRun [:parse $rosApply]
        $rosRun
    } else={
        :put ("RouterOS " . $rosTarget . " is ready. It is installed by the reboot of")
        :put ("    " . $rosApply)
    }
}
