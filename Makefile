# SPDX-License-Identifier: MIT
# alpbuild: see README.md. `make help` lists the targets.
#
#   B=FOLDER     where everything is built (build)
#   CC=clang     gcc and clang both work
#   SAN=1        address and undefined behaviour sanitizers
#   COVER=1      gcov counters
#   FUZZ=1       libFuzzer instrumentation (clang)
#   WERROR=1     warnings are errors
#   V=1          print the commands

VERSION = 0.1.0
# Where docs/ can be read: an http address, for links in reports of `check`.
DOCS_URL ?=

B ?= build
CC = gcc
AR = ar
OPT ?= -O2 -g

PREFIX ?= /usr/local
BINDIR ?= $(PREFIX)/bin
MANDIR ?= $(PREFIX)/share/man
DATADIR ?= $(PREFIX)/share/alpbuild
BASHCOMPDIR ?= $(PREFIX)/share/bash-completion/completions
ZSHCOMPDIR ?= $(PREFIX)/share/zsh/site-functions
# What images are made from; an installed alpbuild reads it from DATADIR.
PROJECT = manifests arch rootfs-overlays

# Which of them `make lint` runs: all.
LINT ?= lint
FUZZ_SECONDS ?= 60

WARN = -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
	-Wpointer-arith -Wvla -Wformat=2 -Wundef -Wcast-qual \
	-Wno-unused-parameter -Wno-format-nonliteral \
	-Wno-missing-field-initializers $(if $(WERROR),-Werror)
SANITIZE = -fno-sanitize-recover=all -fno-omit-frame-pointer
ifdef FUZZ
MODE = -fsanitize=fuzzer-no-link,address,undefined $(SANITIZE)
else ifdef SAN
MODE = -fsanitize=address,undefined $(SANITIZE)
else ifdef COVER
MODE = --coverage -fprofile-update=atomic -O0
else
MODE = -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2 -fstack-protector-strong -fPIE
LINK_MODE = -pie -Wl,-z,relro,-z,now
endif

CPPFLAGS = -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 -Ibuilder
# The prefix map keeps the folder that was built in out of the program.
ALL_CFLAGS = -std=gnu11 $(OPT) $(WARN) $(MODE) -pthread \
	-ffile-prefix-map=$(CURDIR)=. $(CFLAGS)
DEPFLAGS = -MMD -MP -MF $@.d -MT $@
COMPILE = $(CC) $(CPPFLAGS) $(ALL_CFLAGS)
LINK = $(CC) $(ALL_CFLAGS) $(LINK_MODE) $(LDFLAGS)
# The shared libarchive brings libxml2 and ICU along, which every start would
# load for nothing: of the static one only the tar reader is linked.
ARCHIVE_A := $(shell $(CC) -print-file-name=libarchive.a 2>/dev/null)
LIBS = $(if $(filter /%,$(ARCHIVE_A)),$(ARCHIVE_A),-larchive) -lz -ljansson \
	-lyaml -lcrypto

SRCS := $(sort $(wildcard builder/*/*.c))
OBJS := $(SRCS:%.c=$(B)/%.o)
LIB = $(B)/libalpbuild.a

UNIT := $(patsubst %.c,$(B)/%,$(wildcard tests/unit/test_*.c))
FUZZERS := $(patsubst tests/fuzz/fuzz_%.c,%,$(wildcard tests/fuzz/fuzz_*.c))
REPLAYS := $(FUZZERS:%=$(B)/tests/fuzz/replay_%)
# Programs that integration tests call, beside the scripts.
DRIVERS := $(patsubst %.c,$(B)/%,$(wildcard tests/integration/*.c))

# Sub-makes use all processors unless the caller said how many.
PARALLEL = $(if $(filter -j%,$(MAKEFLAGS)),,-j$(shell nproc))
SUBMAKE = +$(Q)$(MAKE) --no-print-directory $(PARALLEL)

# One short line for each command; V=1 prints the commands themselves.
Q = $(if $(V),,@)
SILENT = $(findstring s,$(filter-out -%,$(firstword $(MAKEFLAGS))))
SAY = @$(if $(V)$(SILENT),:,printf '  %-5s %s\n')

all: $(B)/alpbuild

# The flags of the last build: what depends on it is built anew when they
# change. The same for the version and the folders that are compiled in.
$(B)/flags: export STAMP = $(COMPILE) | $(LINK) $(LIBS)
$(B)/version: export STAMP = $(VERSION) $(DATADIR) $(DOCS_URL)
$(B)/flags $(B)/version: FORCE
	@mkdir -p $(@D)
	@printf '%s\n' "$$STAMP" | cmp -s - $@ || printf '%s\n' "$$STAMP" >$@

$(B)/%.o: %.c $(B)/flags
	@mkdir -p $(@D)
	$(SAY) CC $<
	$(Q)$(COMPILE) $(DEPFLAGS) -c -o $@ $<

VERSIONED = $(B)/builder/build/version.o $(B)/builder/build/project.o
# private: what it depends on does not inherit it.
$(VERSIONED): private CPPFLAGS += -DALPBUILD_VERSION='"$(VERSION)"' \
	-DALPBUILD_DATADIR='"$(DATADIR)"' -DALPBUILD_DOCS='"$(DOCS_URL)"'
$(VERSIONED): $(B)/version

$(LIB): $(OBJS)
	@rm -f $@
	$(SAY) AR $@
	$(Q)$(AR) rcsD $@ $(OBJS)

$(B)/alpbuild: $(B)/builder/main.o $(LIB)
	$(SAY) LINK $@
	$(Q)$(LINK) -o $@ $< $(LIB) $(LIBS)

$(B)/tests/unit/%: tests/unit/%.c $(LIB) $(B)/flags
	@mkdir -p $(@D)
	$(SAY) LINK $@
	$(Q)$(LINK) $(CPPFLAGS) $(DEPFLAGS) -Itests -o $@ $< $(LIB) $(LIBS) -lcmocka

$(B)/tests/%: tests/%.c $(LIB) $(B)/flags
	@mkdir -p $(@D)
	$(SAY) LINK $@
	$(Q)$(LINK) $(CPPFLAGS) $(DEPFLAGS) -Itests -o $@ $< $(LIB) $(LIBS)

# The same fuzz target twice: under libFuzzer, and with a main that replays
# its corpus. libFuzzer has no header that declares the one function.
$(B)/tests/fuzz/%: private WARN += -Wno-missing-prototypes
$(B)/tests/fuzz/fuzz_%: tests/fuzz/fuzz_%.c $(LIB) $(B)/flags
	@mkdir -p $(@D)
	$(SAY) LINK $@
	$(Q)$(LINK) $(CPPFLAGS) $(DEPFLAGS) -fsanitize=fuzzer -o $@ $< $(LIB) $(LIBS)

$(B)/tests/fuzz/replay_%: tests/fuzz/fuzz_%.c tests/fuzz/replay.c $(LIB) \
		$(B)/flags
	@mkdir -p $(@D)
	$(SAY) LINK $@
	$(Q)$(LINK) $(CPPFLAGS) -o $@ $< tests/fuzz/replay.c $(LIB) $(LIBS)

tests: $(UNIT) $(REPLAYS) $(DRIVERS)

# Dependencies, then the build, then the default image (or the demo).
run: deps-build
	$(SUBMAKE) all
	@tests/mirror/run.sh

demo: deps-build
	$(SUBMAKE) all
	@tests/mirror/run.sh --demo

check: deps-build deps-test deps-boot deps-lint check-fast

# Without looking at the dependencies.
check-fast: check-build
	@tests/run

check-build:
	$(SUBMAKE) all
	$(SUBMAKE) B=$(B) drivers
	$(SUBMAKE) B=$(B)/asan SAN=1 WERROR=1 all tests

# The README's two commands in a new Debian, with nothing but git and make in
# it. Needs root; FRESH_ARGS="--mirror FOLDER" gives it a mirror.
check-fresh:
	@tests/fresh/fresh-debian.sh $(FRESH_ARGS)

# Images as PID 1 of new namespaces, by root or by whoever has user namespaces.
# BOOT_TARS="TAR..." boots those.
check-boot: deps-build deps-test deps-boot
	$(SUBMAKE) all
	@$(if $(BOOT_TARS),tests/boot/boot.sh $(BOOT_TARS),tests/run boot)

drivers: $(DRIVERS)

lint: deps-lint
	$(SUBMAKE) all
	@tests/run $(LINT)

deps-build deps-test deps-boot deps-lint deps-bench:
	@tests/lib/install-deps.sh $(@:deps-%=%)

fuzz: deps-build deps-lint
	$(SUBMAKE) B=$(B)/fuzz CC=clang FUZZ=1 fuzz-run

fuzz-run: $(FUZZERS:%=fuzz-run-%)
fuzz-run-%: $(B)/tests/fuzz/fuzz_%
	@mkdir -p $(B)/corpus/$* tests/fuzz/corpus/$*
	$(SAY) FUZZ '$*: $(FUZZ_SECONDS) s'
	$(Q)$< -max_total_time=$(FUZZ_SECONDS) -timeout=10 -rss_limit_mb=2048 \
		-print_final_stats=1 -artifact_prefix=$(B)/corpus/$*- \
		$(B)/corpus/$* tests/fuzz/corpus/$* >$(B)/$*.log 2>&1 \
		|| { tail -n 40 $(B)/$*.log; exit 1; }
	@echo "fuzz $*: $$(sed -n 's/^stat::number_of_executed_units: *//p' \
		$(B)/$*.log) inputs, nothing found"

cover: deps-build deps-test
	$(SUBMAKE) B=$(B)/cover COVER=1 all tests
	@tests/lib/cover.sh $(B)/cover

bench: deps-build deps-bench
	$(SUBMAKE) all
	@tests/bench/run.sh

install: $(B)/alpbuild
	install -d $(DESTDIR)$(BINDIR) $(DESTDIR)$(MANDIR)/man1 \
		$(DESTDIR)$(BASHCOMPDIR) $(DESTDIR)$(ZSHCOMPDIR)
	install -m 0755 $(B)/alpbuild $(DESTDIR)$(BINDIR)/alpbuild
	install -m 0644 docs/alpbuild.1 $(DESTDIR)$(MANDIR)/man1/alpbuild.1
	install -m 0644 docs/completion/alpbuild.bash \
		$(DESTDIR)$(BASHCOMPDIR)/alpbuild
	install -m 0644 docs/completion/_alpbuild \
		$(DESTDIR)$(ZSHCOMPDIR)/_alpbuild
	install -d $(DESTDIR)$(DATADIR)
	cd $(DESTDIR)$(DATADIR) && rm -rf $(PROJECT)
	tar -c --mode=u=rwX,go=rX $(PROJECT) | \
		tar -x -p --no-same-owner -C $(DESTDIR)$(DATADIR)

uninstall:
	rm -f $(DESTDIR)$(BINDIR)/alpbuild \
		$(DESTDIR)$(MANDIR)/man1/alpbuild.1 \
		$(DESTDIR)$(BASHCOMPDIR)/alpbuild \
		$(DESTDIR)$(ZSHCOMPDIR)/_alpbuild
	rm -rf $(DESTDIR)$(DATADIR)

# The sources of HEAD: times, owners and modes come from the commit alone.
dist:
	@mkdir -p $(B)
	git -c tar.umask=0022 archive --format=tar \
		--prefix=alpbuild-$(VERSION)/ HEAD >$(B)/dist.tar
	gzip -n -9 <$(B)/dist.tar >$(B)/alpbuild-$(VERSION).tar.gz
	@rm $(B)/dist.tar
	@cd $(B) && sha256sum alpbuild-$(VERSION).tar.gz

clean:
	rm -rf $(B)

help:
	@sed -n 's/^#   //p' Makefile
	@echo 'targets: all run demo check check-fast check-boot check-fresh lint fuzz cover bench' \
		'install uninstall dist clean'

# make -s print-CPPFLAGS
print-%:
	@echo '$($*)'

FORCE:

-include $(OBJS:=.d) $(B)/builder/main.o.d $(UNIT:=.d) $(DRIVERS:=.d)
.DELETE_ON_ERROR:
.SECONDARY:
.PHONY: all tests drivers run demo check check-fast check-boot check-fresh check-build lint fuzz \
	fuzz-run cover bench install uninstall dist clean help FORCE \
	deps-build deps-test deps-boot deps-lint deps-bench
