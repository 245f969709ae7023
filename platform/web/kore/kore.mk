# SPDX-License-Identifier: EUPL-1.2
# Kore from the sources that Debian's kore package ships, with our patches.
#
# Uses BUILD, CC, SAN (sanitizer flags), WARN and HARDEN of the top Makefile.
# Gives KORE_STAMP (build before anything that includes kore.h), KORE_OBJECTS
# (an archive that brings main()), KORE_CFLAGS, KORE_LDLIBS; and the same with
# KORE_PGSQL_ for the variant with Kore's own pgsql, which only the benchmark
# links.

KORE_DIR :=	$(patsubst %/,%,$(dir $(lastword $(MAKEFILE_LIST))))
BUILD ?=	build
# Asked only when Kore is built: on a new machine kodev comes with `make deps`.
KORE_SOURCE ?=	$(shell kodev source 2>/dev/null)
KORE_PATCHES :=	$(sort $(wildcard $(KORE_DIR)/*.patch))
KORE_OWN :=	$(KORE_DIR)/head.c $(KORE_DIR)/head.h

# In the place of the compiler, as Kore's Makefile sets CFLAGS itself.
KORE_CC =	$(CC) $(filter-out -fPIC,$(HARDEN)) -fPIE -I$(abspath $(KORE_DIR))

KORE_STAMP :=	$(BUILD)/kore/stamp
KORE_OBJECTS :=	$(BUILD)/kore/libkore.a
KORE_CFLAGS =	-isystem $(BUILD)/kore/src/include \
		-DKORE_SINGLE_BINARY -D_GNU_SOURCE
# Kore finds its hooks and the route's handler with dlsym().
KORE_LDLIBS =	-rdynamic -lssl -lcrypto -lpthread -ldl

KORE_PGSQL_STAMP :=	$(BUILD)/kore-pgsql/stamp
KORE_PGSQL_OBJECTS :=	$(BUILD)/kore-pgsql/libkore.a
KORE_PGSQL_CFLAGS =	-isystem $(BUILD)/kore-pgsql/src/include \
			-isystem $(shell pg_config --includedir) \
			-DKORE_SINGLE_BINARY -DKORE_USE_PGSQL \
			-D_GNU_SOURCE
KORE_PGSQL_LDLIBS =	$(KORE_LDLIBS) -lpq

$(KORE_OBJECTS): $(KORE_STAMP)
$(KORE_PGSQL_OBJECTS): $(KORE_PGSQL_STAMP)

$(KORE_PGSQL_STAMP): KORE_FEATURES = PGSQL=1

# --fuzz=0: a patch that has to be guessed into place no longer says what it
# was reviewed for, so the build stops instead.
$(KORE_STAMP) $(KORE_PGSQL_STAMP): $(KORE_PATCHES) $(KORE_OWN) \
    $(KORE_DIR)/kore.mk
	@test -d "$(KORE_SOURCE)/src" || \
	    { echo "kore sources not found: install the package 'kore'" >&2; \
	    exit 1; }
	@rm -rf $(@D)
	@mkdir -p $(@D)/objects
	@cp -R "$(KORE_SOURCE)" $(@D)/src
	@chmod -R u+w $(@D)/src
	@for p in $(abspath $(KORE_PATCHES)); do \
		patch -d $(@D)/src -p1 -F0 -s --no-backup-if-mismatch <$$p || \
		    { echo "does not apply: $$p" >&2; exit 1; }; \
	done
	@echo "  KORE    $(@D) $(KORE_FEATURES)"
	@$(MAKE) --no-print-directory -s -C $(@D)/src objects \
	    CC="$(KORE_CC)" OBJDIR=$(abspath $(@D))/objects \
	    $(KORE_FEATURES) KORE_SINGLE_BINARY=1 \
	    >$(@D)/log 2>&1 || { cat $(@D)/log >&2; exit 1; }
	@$(CC) $(WARN) $(HARDEN) $(SAN) -c $(KORE_DIR)/head.c -o $(@D)/objects/head.o
	@$(AR) rcs $(@D)/libkore.a $(@D)/objects/*.o
	@touch $@
