# SPDX-License-Identifier: EUPL-1.2
# Every task is a target here; `make help` lists them.

BUILD	?= build
VAR	?= var
PORT	?= 8080
OFFICE_PORT ?= 8081
ifeq ($(origin CC),default)
CC	:= gcc
endif
SAN	?=

PACKAGES := libpq jansson yaml-0.1 libsodium libcurl libjpeg libpng \
	    libwebp libcrypto libfido2 cjose zlib expat

# Drawing (librsvg, cairo) and reading mail (GMime) are linked to the command
# line and the courier alone, never to a server.
DRAW	:= librsvg-2.0 cairo cairo-ft freetype2 gmime-3.0
DRAW_LIBS = $(shell pkg-config --libs $(DRAW) 2>/dev/null)

WARN	:= -std=c11 -D_GNU_SOURCE -Wall -Wextra -Werror -Wshadow \
	   -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith \
	   -Wcast-qual -Wwrite-strings -Wformat=2 -Wvla -Wundef \
	   -Wno-missing-field-initializers
HARDEN	:= -g -O2 -fPIC -fstack-protector-strong -fstack-clash-protection \
	   -fcf-protection -Wformat -Werror=format-security \
	   -Wp,-U_FORTIFY_SOURCE -Wp,-D_FORTIFY_SOURCE=3
ifneq ($(SAN),)
HARDEN	:= -g -O1 -fPIC -fno-omit-frame-pointer -DARENA_MALLOC $(SAN)
endif
CFLAGS	 = $(WARN) $(HARDEN) -Iplatform/include -Iplatform \
	   $(shell pkg-config --cflags $(PACKAGES) 2>/dev/null)
LDFLAGS	 = -pie -Wl,-z,relro,-z,now -Wl,-z,noexecstack -rdynamic $(SAN)
LDLIBS	 = $(shell pkg-config --libs $(PACKAGES) 2>/dev/null) -ldl -lpthread -lm

CORE	:= $(wildcard platform/core/*.c platform/core/*/*.c platform/base/*.c)
DB	:= $(wildcard platform/db/*.c)
WEB	:= $(wildcard platform/web/*.c)
COURIER	:= $(wildcard platform/courier/*.c)
CLI	:= $(wildcard platform/cli/*.c)
PLUGINS	:= $(notdir $(patsubst %/plugin.c,%,$(wildcard plugins/*/plugin.c)))

object	 = $(patsubst %.c,$(BUILD)/%.o,$(1))
LIB	:= $(BUILD)/libstadtkern.a
PROGRAMS := $(BUILD)/bin/stadtkern $(BUILD)/bin/stadtkern-server \
	    $(PLUGINS:%=$(BUILD)/plugins/%.so)

# What a target says instead of the compiler's whole line; V=1 shows both.
ifeq ($(V),)
Q	:= @
SAY	 = @printf '  %-7s %s\n'
else
SAY	 = @:
endif

.PHONY: all deps run test lint asan fuzz bench screenshots clean reset help

help:	## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile tests/tests.mk | expand -t 12

deps:
	@sh platform/deps.sh build

# The sources of Kore come with a package, so that has to be there before
# make reads how to build them. The lock on the folder is for two makes that
# build in one checkout at the same time; each works on every processor.
BUILD_ALL = flock platform $(MAKE) --no-print-directory \
	    $(if $(findstring -j,$(MAKEFLAGS)),,-j$(shell nproc))

all: deps	## build everything under build/
	@$(BUILD_ALL) programs

.PHONY: programs
programs: $(PROGRAMS) $(BUILD)/app/files.json $(BUILD)/office/files.json
	@:

run:	## install, build, database, demonstration data, all processes
	@sh platform/deps.sh run
	@$(BUILD_ALL) programs
	@BUILD=$(BUILD) VAR=$(VAR) PORT=$(PORT) OFFICE_PORT=$(OFFICE_PORT) \
	    exec env --default-signal=INT sh platform/run.sh

clean:	## remove what was built; var/ stays
	rm -rf build build-*

reset:	## forget the database and the keys of `make run`
	@sh platform/db/cluster.sh remove $(VAR)/pg
	rm -rf $(VAR)

include platform/web/kore/kore.mk
include tests/tests.mk

# Everything a plugin may call has to be in the program that loads it, so
# the archive is linked whole.
WHOLE	 = -Wl,--whole-archive $(LIB) -Wl,--no-whole-archive

$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	$(SAY) CC $<
	$(Q)$(CC) $(CFLAGS) -MMD -MP -c -o $@ $<

$(LIB): $(call object,$(CORE) $(DB))
	@rm -f $@
	$(SAY) AR $@
	$(Q)ar rcs $@ $^

$(BUILD)/bin/stadtkern: $(call object,$(CLI) $(COURIER)) $(LIB)
	@mkdir -p $(@D)
	$(SAY) LINK $@
	$(Q)$(CC) $(LDFLAGS) -o $@ $(call object,$(CLI) $(COURIER)) $(WHOLE) \
	    $(LDLIBS) $(DRAW_LIBS)

# Their headers are not written to our warnings.
$(call object,$(addprefix platform/courier/,drawing_work.c message_parse.c)): CFLAGS += \
    $(patsubst -I%,-isystem %,$(shell pkg-config --cflags $(DRAW) 2>/dev/null))

$(call object,$(WEB)): CFLAGS += $(KORE_CFLAGS)
$(call object,$(WEB)): | $(KORE_STAMP)

$(BUILD)/bin/stadtkern-server: $(call object,$(WEB)) $(LIB) $(KORE_STAMP)
	@mkdir -p $(@D)
	$(SAY) LINK $@
	$(Q)$(CC) $(LDFLAGS) -o $@ $(call object,$(WEB)) $(KORE_OBJECTS) \
	    $(WHOLE) $(KORE_LDLIBS) $(LDLIBS)

# A plugin sees the public headers and its own folder, nothing else.
define plugin_rule
$(BUILD)/plugins/$(1).so: $(wildcard plugins/$(1)/*.c plugins/$(1)/*.h) \
    $(wildcard platform/include/stadtkern/*.h)
	@mkdir -p $$(@D)
	$$(SAY) PLUGIN $$@
	$$(Q)$$(CC) $$(WARN) $$(HARDEN) -fvisibility=hidden -Iplatform/include \
	    -shared -Wl,-z,relro,-z,now -o $$@ $$(wildcard plugins/$(1)/*.c) -lm
endef
$(foreach p,$(PLUGINS),$(eval $(call plugin_rule,$(p))))

# The citizens' app and the office; their build says what they weigh and fails
# when that is too much.
APP	:= $(shell find platform/app -name node_modules -prune -o -type f -print) \
	   $(shell find plugins/*/app -type f 2>/dev/null) \
	   $(wildcard plugins/*/messages/*.yaml)
OFFICE	:= $(shell find platform/office plugins/*/office -type f 2>/dev/null)
NPM_CI	:= npm ci --no-audit --no-fund --loglevel=error

platform/app/node_modules/.package-lock.json: platform/app/package-lock.json
	$(SAY) NPM platform/app
	$(Q)cd platform/app && $(NPM_CI) </dev/null >/dev/null && \
	    touch node_modules/.package-lock.json

$(BUILD)/app/files.json: $(APP) platform/app/node_modules/.package-lock.json
	@mkdir -p $(@D)
	$(Q)node platform/app/build.mjs --out $(BUILD)/app

$(BUILD)/office/files.json: $(APP) $(OFFICE) \
    platform/app/node_modules/.package-lock.json
	@mkdir -p $(@D)
	$(Q)node platform/app/build.mjs --out $(BUILD)/office --side office

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
