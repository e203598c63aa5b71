# SPDX-License-Identifier: GPL-2.0-or-later
#
# Everything that tests, measures and shows; part of the Makefile.

# Unit tests: one program for each file, linked with the library and a tool's floors: vdpa's, or
# those of the tool that the file is named after.
UNITS := $(patsubst tests/unit/%.c,$(O)/unit/%,$(wildcard tests/unit/test-*.c))
floors = $(filter-out $(O)/$(1)/main.o $(O)/$(1)/cmd/main.o,$(call tool_objects,$(1)))

define unit_rules
$(O)/unit/$(1)%: $(O)/tests/unit/$(1)%.o $(call floors,$(2)) $(O)/libtools.a
	@mkdir -p $$(@D)
	$$(call quiet,LINK,$$@)$$(LINK_PROGRAM)
endef
$(foreach tool,$(filter-out vdpa,$(TOOLS)),$(eval $(call unit_rules,test-$(tool)-,$(tool))))
$(eval $(call unit_rules,,vdpa))

.PHONY: units
units: $(UNITS)

# Programs that play devices which no virtual machine has; the kernel's tests start them.
SERVERS := $(patsubst tests/kernel/%.c,$(O)/servers/%,$(wildcard tests/kernel/*-server.c))
$(O)/servers/%: tests/kernel/%.c include/abi/*.h Makefile
	@mkdir -p $(@D)
	$(call quiet,CC,$<)$(CC) -std=gnu17 -D_GNU_SOURCE -iquote include -iquote . $(WARNINGS) -O1 -g -static \
		-o $@ $<

.PHONY: servers
servers: $(SERVERS)

# The fake kernels for tests of the dynamic build.
FAKES := $(patsubst tests/fake/%.c,$(O)/%.so,$(wildcard tests/fake/*.c))
$(FAKES): $(O)/%.so: tests/fake/%.c Makefile
	@mkdir -p $(@D)
	$(call quiet,CC,$@)$(CC) -std=gnu17 -D_GNU_SOURCE $(LARGE_FILES) $(WARNINGS) -O1 -g -fPIC -shared -o $@ $<

.PHONY: fake
fake: $(FAKES)

# Stands in the tools' place in tests on real kernels, and keeps what they print as JSON.
$(O)/recorded/%: tests/kernel/record.c Makefile
	@mkdir -p $(@D)
	$(call quiet,CC,$@)$(CC) -std=gnu17 -D_GNU_SOURCE $(WARNINGS) -O1 -g $(CFLAGS_LINK) $(LDFLAGS_LINK) -o $@ $<

.PHONY: demo
demo:
	@tests/packages build vm
	+@$(AGAIN) all
	@tests/demo/run

# The picture of it that the README shows.
.PHONY: picture
picture:
	@tests/packages build vm
	+@$(AGAIN) all
	@DEMO_COLOR=always VM_ENV=DEMO_COLOR tests/vm/run -k a -t 120 tests/demo/tour >build/session
	@tests/demo/record build/session >man/pictures/demo.svg

# What suites need is installed before several of them run side by side, and before the way of
# building is chosen, which depends on it: the make that builds is also the one that names the build.
.PHONY: check check-built
check:
	@tests/packages build check vm $(filter portable package fleet,$(or $(SUITES),portable package fleet))
	+@$(AGAIN) check-built

check-built: test-builds
	@TEST_BUILD=$(O) FAKE_BUILD=$(FAKE_O) tests/check $(SUITES)

# Both builds: the one that is shipped, and the one that can be faked a kernel for, since the fake
# is loaded in place of a shared library.
FAKE_O := $(if $(filter dynamic,$(link)),$(O),$(if $(filter build/static,$(O)),build/dynamic,$(O)-dynamic))
.PHONY: test-builds
test-builds: binaries units servers $(foreach tool,$(TOOLS),$(O)/recorded/$(tool))
	+@$(AGAIN) binaries fake O=$(FAKE_O) LINK=dynamic

# The programs that are measured besides; the floor is to have nothing that slows it.
$(O)/bench/%: tests/bench/%.c Makefile
	@mkdir -p $(@D)
	$(call quiet,CC,$@)$(CC) -std=gnu17 -D_GNU_SOURCE -iquote include -iquote . $(WARNINGS) -O2 -static \
		-o $@ $<

BENCH_PROGRAMS := $(O)/bin/vdpa $(O)/bench/floor $(O)/bench/measure $(O)/bin/vduse \
		  $(O)/bench/vduse-floor

# All numbers go into a file of their own, and some of them into the README.
.PHONY: bench bench-table
bench:
	@tests/packages build vm
	+@$(AGAIN) bench-table LINK=static

bench-table: $(BENCH_PROGRAMS)
	@tests/bench/run tests/bench/RESULTS.md $(BENCH_PROGRAMS)
	@awk -f tests/bench/readme.awk tests/bench/RESULTS.md README.md >README.md.new && mv README.md.new README.md

KERNEL_NAME ?= b
.PHONY: shell
shell:
	@tests/packages build vm
	+@$(AGAIN) all
	@tests/vm/shell -k $(KERNEL_NAME)
