# SPDX-License-Identifier: MIT
# alpbuild: see README.md.

B ?= build
CC = gcc
OPT ?= -O2 -g
WARN = -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
	-Wpointer-arith -Wvla -Wformat=2 -Wundef -Wcast-qual -Wno-unused-parameter
ifdef SAN
SANFLAGS = -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
endif
CPPFLAGS = -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 -Ibuilder
ALL_CFLAGS = -std=gnu11 $(OPT) $(WARN) $(SANFLAGS) -pthread -MMD -MP $(CFLAGS)
LIBS = -larchive -lcurl -lz -ljansson -lyaml -lcrypto

LAYERS = base io tree apk spec oci routeros rootfs build cmd
SRCS := $(foreach l,$(LAYERS),$(wildcard builder/$(l)/*.c))
OBJS := $(SRCS:%.c=$(B)/%.o)
LIB = $(B)/libalpbuild.a

all: $(B)/alpbuild

$(B)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(ALL_CFLAGS) -c -o $@ $<

# Sources of modules that are not written yet must not stop the others.
$(LIB): $(OBJS)
	@rm -f $@
	ar rcs $@ $^

$(B)/alpbuild: $(B)/builder/main.o $(LIB)
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $< $(LIB) $(LIBS)

$(B)/tests/unit/%: tests/unit/%.c $(LIB)
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(ALL_CFLAGS) -Itests $(LDFLAGS) -o $@ $< $(LIB) $(LIBS) -lcmocka

-include $(OBJS:.o=.d)
.PHONY: all
