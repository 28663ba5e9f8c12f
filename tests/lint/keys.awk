# SPDX-License-Identifier: MIT
# keys: reads sha256sum's lines of all C files and prints "SOURCE KEY..." for
# each source: its digest and those of all project headers that it includes,
# directly or not, after `rules`.
{
	hash[$2] = $1
	files[++n] = $2
}

# The file that `header` means in `from`; "" when it is none of the project's.
function resolve(header, from)
{
	if (("builder/" header) in hash)
		return "builder/" header
	if (("tests/" header) in hash)
		return "tests/" header
	sub(/[^\/]*$/, "", from)
	from = from header
	while (sub(/[^\/.]+\/\.\.\//, "", from)) {
	}
	return from in hash ? from : ""
}

function read_includes(file, line, parts)
{
	while ((getline line < file) > 0) {
		if (line !~ /^ *# *include *"/)
			continue
		split(line, parts, "\"")
		includes[file] = includes[file] " " resolve(parts[2], file)
	}
	close(file)
}

function visit(file, parts, i, k)
{
	if (file in seen)
		return
	seen[file] = 1
	key = key " " hash[file]
	k = split(includes[file], parts, " ")
	for (i = 1; i <= k; i++)
		visit(parts[i])
}

END {
	for (i = 1; i <= n; i++)
		read_includes(files[i])
	for (i = 1; i <= n; i++) {
		if (files[i] !~ /\.c$/)
			continue
		split("", seen)
		key = rules
		visit(files[i])
		print files[i], key
	}
}
