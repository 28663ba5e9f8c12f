/* SPDX-License-Identifier: MIT */
#include "routeros/rsc_parts.h"

#include <string.h>

#include "routeros/quote.h"

static const char DISK_CODE[] =
	"        :if ([:len [/file/find where name=$rscDisk]] = 0) do={\n"
	"            :error (\"there is no disk \" . $rscDisk . \": see "
	"/disk/print, format one with ext4, or choose another with --disk\")\n"
	"        }\n";

static const char FILE_CODE[] =
	"        :local rscFiles [/file/find where name=$rscFile]\n"
	"        :if ([:len $rscFiles] = 0) do={\n"
	"            :error (\"there is no file \" . $rscFile . \": upload the "
	"image to this place, by sftp for example\")\n"
	"        }\n"
	"        :local rscNeed [:tonum [/file/get ($rscFiles->0) size]]\n"
	"        :set rscNeed ($rscNeed + $rscNeed / 10)\n";

/* Which properties a disk has depends on the version: all are asked for. */
static const char FREE_DISK_CODE[] =
	"        :local rscFree \"\"\n"
	"        :foreach rscId in=[/disk/find] do={\n"
	"            :local rscItem [/disk/get $rscId]\n"
	"            :if ((($rscItem->\"slot\") = $rscDisk) || "
	"(($rscItem->\"name\") = $rscDisk)) do={ "
	":set rscFree [:tonum ($rscItem->\"free\")] }\n"
	"        }\n";

static const char FREE_FLASH_CODE[] =
	"        :local rscFree [/system/resource/get free-hdd-space]\n";

static const char SPACE_CODE[] =
	"        :if ([:typeof $rscFree] = \"num\") do={\n"
	"            :if ($rscFree < $rscNeed) do={\n"
	"                :error (\"not enough space: \" . ($rscNeed / 1048576 "
	"+ "
	"1) . \" MiB are needed, \" . ($rscFree / 1048576) . \" MiB are free: "
	"remove files, or choose another disk with --disk\")\n"
	"            }\n"
	"        }\n";

static const char ROOT_CODE[] =
	"        :if ([:len [/file/find where name=$rscRoot]] > 0) do={\n"
	"            :error (\"the folder \" . $rscRoot . \" is there already, "
	"and RouterOS would not extract into it: remove it, or choose another "
	"with --root-dir\")\n"
	"        }\n";

void rsc_checks(const struct rsc *script)
{
	const bool on_disk = *script->setup->disk;

	if (on_disk)
		buf_add_str(script->out, DISK_CODE);
	buf_add_str(script->out, FILE_CODE);
	buf_add_str(script->out, on_disk ? FREE_DISK_CODE : FREE_FLASH_CODE);
	buf_add_str(script->out, SPACE_CODE);
}

void rsc_check_root(const struct rsc *script)
{
	buf_add_str(script->out, ROOT_CODE);
}
