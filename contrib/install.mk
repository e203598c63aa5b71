# SPDX-License-Identifier: GPL-2.0-or-later
#
# Installing, and what is packed for others to install. The Makefile includes this.

PREFIX ?= /usr/local
SBINDIR ?= $(PREFIX)/sbin
MANDIR ?= $(PREFIX)/share/man
SCHEMA_DIR ?= $(PREFIX)/share/vdpa-tools/schema
PROMETHEUS_DIR ?= $(PREFIX)/share/vdpa-tools/prometheus
# The archive for "ansible-galaxy collection install"; see doc/fleet.md.
ANSIBLE_DIR ?= $(PREFIX)/share/vdpa-tools/ansible
DOC_DIR ?= $(PREFIX)/share/doc/vdpa-tools
# Debian's zsh looks for a package's completion in share/zsh/vendor-completions instead.
BASH_COMPLETION_DIR ?= $(PREFIX)/share/bash-completion/completions
ZSH_COMPLETION_DIR ?= $(PREFIX)/share/zsh/site-functions
FISH_COMPLETION_DIR ?= $(PREFIX)/share/fish/vendor_completions.d
# systemd and udev look below /usr and below /usr/local.
UNIT_DIR ?= $(PREFIX)/lib/systemd/system
UDEV_DIR ?= $(PREFIX)/lib/udev

INSTALL_DIRS := DESTDIR SBINDIR MANDIR SCHEMA_DIR PROMETHEUS_DIR ANSIBLE_DIR DOC_DIR \
		BASH_COMPLETION_DIR ZSH_COMPLETION_DIR FISH_COMPLETION_DIR UNIT_DIR UDEV_DIR
.PHONY: install uninstall
install: all
install uninstall:
	@$(foreach name,$(INSTALL_DIRS),$(name)=$(call quoted,$($(name)))) contrib/install $@ $(TOOLS)

# A release packs its own files, a clone what git tracks, changes included.
DIST := vdpa-tools-$(VERSION)
.PHONY: dist
dist: | build
	@rm -f build/vdpa-tools-*.tar.gz
	$(call quiet,DIST,build/$(DIST).tar.gz)contrib/dist '$(VERSION)' build/$(DIST).tar.gz

# The package is built from what make dist packs, where nothing else can slip in.
.PHONY: deb
deb:
	@tests/packages deb
	+@$(AGAIN) dist
	@contrib/debian/build build/vdpa-tools-*.tar.gz build/deb

.PHONY: ansible
ansible: | build
	@tests/packages ansible
	$(call quiet,PACK,build)ansible-galaxy collection build contrib/ansible --output-path build --force
