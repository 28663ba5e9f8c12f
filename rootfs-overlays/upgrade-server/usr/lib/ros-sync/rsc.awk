# SPDX-License-Identifier: MIT
# rsc.awk: upgrade.rsc for the channel named by -v channel: the file named by
# -v template, with what this mirror has. Names and versions have passed
# facts.awk's patterns: nothing in them could end a string.

function target_of(pattern,    i) {
	for (i = 1; i <= nchannels; i++)
		if (channel[i, "pointer"] ~ pattern && published(i) in count)
			return published(i)
	return ""
}

# A line for each architecture: " package=size package=size ".
function packages(v, indent,    i, j, p, a) {
	if (v == "")
		return
	print indent ":if ($rosTarget = \"" v "\") do={"
	for (j = 1; j <= narches[v]; j++) {
		a = arch[v, j]
		printf "%s    :if ($rosArch = \"%s\") do={ :set rosMirrored \" ", indent, a
		for (i = 1; i <= npackages[v]; i++) {
			p = package[v, i]
			if ((v, p, a) in size && p ~ /^[a-z0-9-]+$/)
				printf "%s=%.0f ", p, size[v, p, a]
		}
		print "\" }"
	}
	print indent "}"
}

function filled(s) {
	gsub(/@SERVER@/, base_url(), s)
	gsub(/@CHANNEL@/, chosen, s)
	gsub(/@TARGET@/, target, s)
	gsub(/@TARGET_NUMBER@/, rank(target), s)
	gsub(/@BRIDGE@/, bridge, s)
	gsub(/@BRIDGE_NUMBER@/, rank(bridge == "" ? "7.12.1" : bridge), s)
	return s
}

END {
	sort_all()
	target = target_of("^NEWESTa7\\." chosen "$")
	bridge = target_of("^LATEST\\.7$")
	if (target == "") {
		print "# upgrade.rsc of the channel " chosen
		print ":error \"the channel " chosen " of this mirror offers nothing yet\""
		exit
	}
	while ((getline line < template) > 0)
		if (line == "@PACKAGES@") {
			packages(target, "    ")
			if (bridge != target)
				packages(bridge, "    ")
		} else
			print filled(line)
}
