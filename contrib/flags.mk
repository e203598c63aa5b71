# SPDX-License-Identifier: GPL-2.0-or-later
#
# The flags that everything is compiled and linked with. The Makefile includes this, after it has chosen
# how to link.

PKG_CONFIG ?= pkg-config
CFLAGS ?= -O2 -g
WARNINGS := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith \
	    -Wwrite-strings -Wundef -Wformat=2 -Wvla -Wno-missing-field-initializers $(WERROR)

LIB_SOURCES := $(filter-out lib/sys/mnl-static.c,$(wildcard lib/*/*.c))
LIBRARIES := libmnl json-c libbsd
# pkg-config is asked once, and only by a make that compiles.
LIBRARY_CFLAGS = $(eval LIBRARY_CFLAGS := $(shell $(PKG_CONFIG) --cflags $(LIBRARIES)))$(LIBRARY_CFLAGS)

# No static-pie: in 1,001 interleaved starts of vdpa -V it took 16 % longer than this (medians), for
# 2,247 relocations at each start.
ifeq ($(link),static)
CFLAGS_LINK := -fno-pie -ffunction-sections -fdata-sections
LDFLAGS_LINK := -static -Wl,--gc-sections
LDLIBS := -ljson-c -lbsd -lmd
ifneq ($(call static_library,mnl),)
LDLIBS += -lmnl
else
LIB_SOURCES += lib/sys/mnl-static.c
endif
else
CFLAGS_LINK := -fPIE
LDFLAGS_LINK := -pie -Wl,--as-needed
LDLIBS = $(eval LDLIBS := $(shell $(PKG_CONFIG) --libs $(LIBRARIES)))$(LDLIBS)
endif
ifneq ($(SANITIZE),)
CFLAGS_LINK += -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
LDFLAGS_LINK += -fsanitize=address,undefined
endif

# The same hardening as Debian's packages have. FORTIFY_SOURCE needs an optimiser, hides errors from
# sanitizers, and is the caller's where the caller sets it, as dpkg-buildflags does.
optimised = $(filter-out -O0,$(lastword $(filter -O%,$(CFLAGS) $(CPPFLAGS))))
fortified = $(SANITIZE)$(findstring _FORTIFY_SOURCE,$(CFLAGS) $(CPPFLAGS))
HARDENING = -fstack-protector-strong \
	    $(if $(optimised),$(if $(fortified),,-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2))
LDFLAGS_LINK += -Wl,-z,relro -Wl,-z,now

# The same sizes on machines of 32 bits; the fake stands for the functions that this picks.
LARGE_FILES := -D_FILE_OFFSET_BITS=64 -D_TIME_BITS=64
# The folder of the sources must not show in what is built.
REPRODUCIBLE := $(call quoted,-ffile-prefix-map=$(CURDIR)=.)
ALL_CFLAGS = -std=gnu17 -D_GNU_SOURCE $(LARGE_FILES) -iquote include -iquote . $(WARNINGS) $(CFLAGS_LINK) \
	     $(HARDENING) $(REPRODUCIBLE) $(LIBRARY_CFLAGS) $(CFLAGS) $(CPPFLAGS)
