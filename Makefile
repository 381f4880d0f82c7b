# Makefile - the whole build.  `make help` lists the targets.
#
# V selects a variant, each with objects of its own below build/V: release
# (default, programs at build/chatd and so on), debug, asan, and shared, a release
# whose chatd is linked against shared libraries; fuzz is make fuzz's.
# CFLAGS, CPPFLAGS, LDFLAGS and LDLIBS are the user's; what the program needs is
# in MY_*.  WERROR=1 makes warnings errors.

V           ?= release
BUILD       := build/$(V)
BIN         := $(if $(filter release,$(V)),build,$(BUILD))

PREFIX      ?= /usr/local
DESTDIR     ?=
ARGS        ?=

# What a fresh Debian machine needs; see README.md for why each.
RUN_PKGS    := gcc pkg-config libc6-dev libutf8proc-dev libbsd-dev \
               libreadline-dev libjansson-dev gettext
TEST_PKGS   := $(RUN_PKGS) libcriterion-dev tmux screen procps iproute2
FUZZ_PKGS   := $(RUN_PKGS) clang libclang-rt-14-dev
BENCH_PKGS  := jq gnuplot-nox iproute2 util-linux
LINT_PKGS   := clang-format clang-tidy cppcheck mandoc
MODEL_PKGS  := spin gcc libc6-dev
PICTURE_PKGS := tmux jq termtosvg

PKG_srv     := libutf8proc libbsd
PKG_cli     := readline libutf8proc
PKG_tools   := jansson libutf8proc
PKG_tests   := criterion $(PKG_srv) $(PKG_cli) $(PKG_tools)

SAN.asan    := -fsanitize=address,undefined -fno-sanitize-recover=all
SAN.fuzz    := $(SAN.asan) -fsanitize=fuzzer-no-link
OPT.debug   := -O1 -g3
OPT.release := -O2 -g -D_FORTIFY_SOURCE=2
OPT.shared  := $(OPT.release)
OPT.asan    := -O1 -g3 -fno-omit-frame-pointer $(SAN.asan)
OPT.fuzz    := -O1 -g -fno-omit-frame-pointer $(SAN.fuzz)
WARN        := -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes \
               -Wmissing-prototypes -Wpointer-arith -Wcast-qual \
               -Wwrite-strings -Wformat=2 -Wvla -Wswitch-enum -Wundef
HARDEN      := -fstack-protector-strong -fstack-clash-protection -fPIE
MY_CFLAGS   := -std=c17 $(WARN) $(HARDEN) $(OPT.$(V)) $(if $(WERROR),-Werror)
MY_CPPFLAGS := -D_GNU_SOURCE -I. -MMD -MP
LOCALE_DIR  := $(PREFIX)/share/locale
PIE         := -pie
MY_LDFLAGS   = $(PIE) -Wl,-z,relro,-z,now $(SAN.$(V))

IPC_OBJ     := $(patsubst %.c,$(BUILD)/%.o,$(wildcard ipc/*.c))
SRV_OBJ     := $(patsubst %.c,$(BUILD)/%.o,$(wildcard srv/*.c))
CLI_OBJ     := $(patsubst %.c,$(BUILD)/%.o,$(wildcard cli/*.c))
WHO_OBJ     := $(patsubst %.c,$(BUILD)/%.o,$(wildcard tools/*who*.c))
BENCH_OBJ   := $(patsubst %.c,$(BUILD)/%.o,$(wildcard tools/*bench*.c)) \
               $(BUILD)/tools/swarm.o
TOOLS_OBJ   := $(patsubst %.c,$(BUILD)/%.o,$(wildcard tools/*.c))
LIBIPC      := $(BUILD)/libipc.a
PROGRAMS    := $(BIN)/chatd $(BIN)/chat $(BIN)/chat-who $(BIN)/chat-bench
TRANSLATED  := $(patsubst cli/po/%.po,%,$(wildcard cli/po/*.po))
LANGUAGES   := en $(TRANSLATED)
CATALOGUES  := $(LANGUAGES:%=$(BIN)/locale/%/LC_MESSAGES/chat.mo)

# A file with a main() of its own is never linked into a test.
MAINS       := %/main.o %/chat-who.o %/chat-bench.o
HARNESS     := $(patsubst %.c,$(BUILD)/%.o,$(wildcard tests/harness*.c))
UNIT_OBJ    := $(filter-out $(MAINS),$(SRV_OBJ) $(CLI_OBJ) $(TOOLS_OBJ))
TESTS       := $(patsubst tests/%.c,$(BUILD)/tests/%,\
                 $(sort $(wildcard tests/test_*.c tests/e2e_*.c \
                   tests/crash_*.c tests/torture_*.c)))

# A fuzzer is a program of its own under libFuzzer; test_corpus replays them all.
FUZZERS     := $(patsubst tests/fuzz_%.c,%,$(sort $(wildcard tests/fuzz_*.c)))
FUZZ_AID    := $(BUILD)/tests/fuzz.o $(BUILD)/tests/mapping.o
FUZZ_PROGS  := $(FUZZERS:%=$(BUILD)/fuzz_%)

SOURCES     := $(wildcard ipc/*.[ch] srv/*.[ch] cli/*.[ch] tools/*.[ch] \
                 tests/*.[ch])
MANS        := $(wildcard */*.1 */*.8)

.DELETE_ON_ERROR:
.SECONDARY:

# Short lines unless Q= is given empty.
Q ?= @
say = $(if $(Q),@echo '  $(1)	$@')

.PHONY: all run test test-asan torture soak fuzz bench bench-quick model \
        model-mutations lint format format-check check-leftovers install \
        uninstall clean help po programs tests \
        deps-run deps-test deps-fuzz deps-bench deps-lint deps-model \
        pictures deps-pictures

all: programs ## build the programs at build/chatd and so on (default)
programs: $(PROGRAMS) $(CATALOGUES) $(BIN)/chat.pot

# A missing library is named at once, not by a compiler's error.
$(PROGRAMS): | check-$(BUILD)
.PHONY: check-$(BUILD)
check-$(BUILD):
	@for p in $(sort $(PKG_srv) $(PKG_cli) $(PKG_tools)); do \
	  pkg-config --exists $$p || { echo "missing library: $$p;" \
	    "install it with: make deps-run" >&2; exit 1; }; done

# A release's chatd is one file, since a fork of that has a third of the mappings
# and fewer page tables; README.md says what it costs.  The linker warns that
# getaddrinfo may want the modules of nsswitch.conf at run time; without them
# addresses, /etc/hosts and DNS go on.
build/chatd: PIE := -static-pie -Wl,--no-warnings
build/chatd: PKG_STATIC := --static
$(BIN)/chatd: $(SRV_OBJ) $(LIBIPC)
	$(call say,LD)
	$(Q)$(CC) $(MY_LDFLAGS) $(LDFLAGS) -o $@ $^ \
	  `pkg-config $(PKG_STATIC) --libs $(PKG_srv)` -pthread $(LDLIBS)

$(BIN)/chat: $(CLI_OBJ) $(LIBIPC)
	$(call say,LD)
	$(Q)$(CC) $(MY_LDFLAGS) $(LDFLAGS) -o $@ $^ \
	  `pkg-config --libs $(PKG_cli)` -pthread $(LDLIBS)

$(BIN)/chat-who: $(WHO_OBJ) $(LIBIPC)
	$(call say,LD)
	$(Q)$(CC) $(MY_LDFLAGS) $(LDFLAGS) -o $@ $^ \
	  `pkg-config --libs $(PKG_tools)` -pthread $(LDLIBS)

$(BIN)/chat-bench: $(BENCH_OBJ) $(LIBIPC)
	$(call say,LD)
	$(Q)$(CC) $(MY_LDFLAGS) $(LDFLAGS) -o $@ $^ \
	  `pkg-config --libs $(PKG_tools)` -pthread $(LDLIBS)

$(LIBIPC): $(IPC_OBJ)
	$(call say,AR)
	$(Q)rm -f $@ && $(AR) rcs $@ $^

$(BUILD)/cli/language.o: MY_CPPFLAGS += -DLOCALE_DIR='"$(LOCALE_DIR)"'

# What chat says of itself goes through client_tell and complain, which look its
# translation up.  Neither places nor dates, which would change the catalogues
# with every line of the sources.
$(BIN)/chat.pot: $(wildcard cli/*.c cli/*.h)
	$(call say,POT)
	@mkdir -p $(@D)
	$(Q)xgettext --from-code=UTF-8 --keyword=_ --keyword=N_ \
	  --keyword=complain --keyword=client_tell:2 --keyword=wait_because:2 \
	  --omit-header --no-location -o $@ $(sort $^)

$(BIN)/locale/%/LC_MESSAGES/chat.mo: cli/po/%.po
	$(call say,MO)
	@mkdir -p $(@D)
	$(Q)msgfmt --check -o $@ $<

# Without one of its own English would be passed over by somebody who reads it
# first and something else second.
$(BIN)/locale/en/LC_MESSAGES/chat.mo: $(BIN)/chat.pot
	$(call say,MO)
	@mkdir -p $(@D)
	$(Q)msgen -o $(BIN)/en.po $< && msgfmt -o $@ $(BIN)/en.po

$(BUILD)/%.o: %.c Makefile
	$(call say,CC)
	@mkdir -p $(@D)
	$(Q)$(CC) $(MY_CPPFLAGS) $(DEFINES) $(CPPFLAGS) $(MY_CFLAGS) $(CFLAGS) \
	  -c -o $@ $<

# test_corpus is linked with all fuzzers, so there each has a name of its own.
ifneq ($(V),fuzz)
$(BUILD)/tests/fuzz_%.o: DEFINES = -DLLVMFuzzerTestOneInput=$(basename $(@F))
endif
$(BUILD)/tests/test_corpus.o: DEFINES = '-DFUZZERS(X)=$(patsubst %,X(%),$(FUZZERS))'
$(BUILD)/tests/test_corpus.o: $(wildcard tests/fuzz_*.c)
$(BUILD)/tests/test_corpus: $(FUZZERS:%=$(BUILD)/tests/fuzz_%.o) \
    $(FUZZ_AID)

# End-to-end tests run the programs of their own variant.
$(BUILD)/tests/%.o: MY_CPPFLAGS += -DBIN_DIR='"$(BIN)"'

# A test is linked with every room, less the files that hold a main().
$(BUILD)/tests/%: $(BUILD)/tests/%.o $(HARNESS) $(UNIT_OBJ) $(LIBIPC)
	$(call say,LD)
	$(Q)$(CC) $(MY_LDFLAGS) $(LDFLAGS) -o $@ $^ \
	  `pkg-config --libs $(PKG_tests)` -pthread $(LDLIBS)

$(BUILD)/fuzz_%: $(BUILD)/tests/fuzz_%.o $(FUZZ_AID) $(UNIT_OBJ) $(LIBIPC)
	$(call say,LD)
	$(Q)$(CC) $(MY_LDFLAGS) -fsanitize=fuzzer $(LDFLAGS) -o $@ $^ \
	  `pkg-config --libs $(PKG_srv) $(PKG_cli) $(PKG_tools)` -pthread $(LDLIBS)

-include $(wildcard build/*/*/*.d)

run: deps-run ## install what is missing, build, run the server (ARGS="-l ...")
	@$(MAKE) --no-print-directory all
	exec $(BIN)/chatd $(ARGS)

tests: programs $(TESTS)

test: deps-test ## install what is missing, build, run every test
	@$(MAKE) --no-print-directory run-tests

.PHONY: run-tests
run-tests: tests
	@BUILD_DIR=$(BUILD) BIN_DIR=$(BIN) tests/run $(TESTS)

TORTURES    := $(filter $(BUILD)/tests/torture_%,$(TESTS))
SOAK_SECONDS ?= 600

torture: deps-test ## the long form of the tortures, about 20 minutes
	@$(MAKE) --no-print-directory programs $(TORTURES)
	@TORTURE=1 JOBS=1 BUILD_DIR=$(BUILD) BIN_DIR=$(BIN) tests/run $(TORTURES)

soak: deps-test ## mixed load and faults for SOAK_SECONDS (600)
	@$(MAKE) --no-print-directory programs $(BUILD)/tests/torture_soak
	@SOAK_SECONDS=$(SOAK_SECONDS) BUILD_DIR=$(BUILD) BIN_DIR=$(BIN) \
	  tests/run $(BUILD)/tests/torture_soak

FUZZ_SECONDS ?= 60

fuzz: deps-fuzz ## each fuzzer for FUZZ_SECONDS (60); FUZZERS=NAME for one
	@$(MAKE) --no-print-directory V=fuzz CC=clang fuzzers
	@FUZZ_SECONDS=$(FUZZ_SECONDS) tests/run-fuzzers \
	  $(FUZZERS:%=build/fuzz/fuzz_%)

.PHONY: fuzzers
fuzzers: $(FUZZ_PROGS)

# What tools/bench/run does: -n ROUNDS, -t SECONDS, -s "SERVERS".
BENCH_ARGS  ?=

bench: deps-bench ## measure beside other servers, five rounds, about two hours
	@$(MAKE) --no-print-directory programs
	@BIN_DIR=$(BIN) tools/bench/run $(BENCH_ARGS)
	@tools/bench/plot $(BIN)/bench/result.json

bench-quick: deps-bench ## a few cells of it, once
	@$(MAKE) --no-print-directory programs
	@BIN_DIR=$(BIN) tools/bench/run -q $(BENCH_ARGS)

# Everything below build/model; the checks with their bounds stand in the script.
model: deps-model ## check the models of lock and directory with spin, some minutes
	@BUILD_DIR=build/model tests/model/run checks

model-mutations: deps-model ## show that the models miss what is taken out of them
	@BUILD_DIR=build/model tests/model/run mutations

test-asan: ## every test under AddressSanitizer and UBSan
	@$(MAKE) --no-print-directory V=asan test

lint: deps-lint format-check ## formatting, static analysis, manual pages
	cppcheck --quiet --std=c11 --error-exitcode=1 --inline-suppr \
	  --enable=warning,performance -D_GNU_SOURCE -DLOCALE_DIR='""' -I. \
	  --library=posix --suppress=missingIncludeSystem $(wildcard ipc srv cli tools)
	printf '%s\n' $(wildcard ipc/*.c srv/*.c cli/*.c tools/*.c) | \
	  xargs -n 4 -P `nproc` sh -c 'clang-tidy --quiet "$$@" -- \
	  -std=c17 -D_GNU_SOURCE -DLOCALE_DIR=\"\" -I. `pkg-config --cflags $(PKG_tests)`' sh
	$(if $(MANS),mandoc -T lint -W warning $(MANS))

po: $(BIN)/chat.pot ## bring the catalogues up to date with the sources
	for l in $(TRANSLATED); do \
	  msgmerge --quiet --no-wrap --update --backup=none cli/po/$$l.po $<; \
	done

pictures: deps-pictures ## the pictures of README.md, from real runs
	@$(MAKE) --no-print-directory programs
	@BIN_DIR=$(BIN) tools/pictures/run

format: ## let clang-format lay out every source file
	clang-format -i $(SOURCES)

format-check:
	clang-format --dry-run -Werror $(SOURCES)

# dpkg-query says which packages are missing; apt is only asked for those.
define install_packages
@missing=; for p in $(1); do \
  case `dpkg-query -W -f '$${Status}' $$p 2>/dev/null` in \
  'install ok installed') ;; *) missing="$$missing $$p";; esac; done; \
[ -z "$$missing" ] || sh tools/install-packages $$missing
endef

deps-run:
	$(call install_packages,$(RUN_PKGS))

deps-test:
	$(call install_packages,$(TEST_PKGS))

deps-fuzz:
	$(call install_packages,$(FUZZ_PKGS))

deps-bench:
	$(call install_packages,$(sort $(RUN_PKGS) $(BENCH_PKGS)))

deps-lint:
	$(call install_packages,$(sort $(RUN_PKGS) $(TEST_PKGS) $(LINT_PKGS)))

deps-pictures:
	$(call install_packages,$(sort $(RUN_PKGS) $(PICTURE_PKGS)))

deps-model:
	$(call install_packages,$(MODEL_PKGS))

BINDIR := $(DESTDIR)$(PREFIX)/bin
SBINDIR := $(DESTDIR)$(PREFIX)/sbin
SHAREDIR := $(DESTDIR)$(PREFIX)/share
MANDIR := $(SHAREDIR)/man
# Where Debian's shells look; zsh in another place for what packages bring.
BASHDIR := $(SHAREDIR)/bash-completion/completions
ZSHDIR := $(SHAREDIR)/zsh/$(if $(filter /usr,$(PREFIX)),vendor-completions,site-functions)
FISHDIR := $(SHAREDIR)/fish/vendor_completions.d
NAMES := $(notdir $(PROGRAMS))

install: all ## install below DESTDIR and PREFIX (/usr/local)
	install -d $(BINDIR) $(SBINDIR) $(MANDIR)/man1 $(MANDIR)/man8
	install -m 755 $(BIN)/chatd $(SBINDIR)
	install -m 755 $(BIN)/chat $(BIN)/chat-who $(BIN)/chat-bench $(BINDIR)
	install -m 644 cli/chat.1 tools/chat-who.1 tools/chat-bench.1 \
	  $(MANDIR)/man1
	install -m 644 srv/chatd.8 $(MANDIR)/man8
	install -d $(BASHDIR) $(ZSHDIR) $(FISHDIR)
	install -m 644 $(NAMES:%=tools/completion/bash/%) $(BASHDIR)
	install -m 644 $(NAMES:%=tools/completion/zsh/_%) $(ZSHDIR)
	install -m 644 $(NAMES:%=tools/completion/fish/%.fish) $(FISHDIR)
	for l in $(LANGUAGES); do \
	  install -D -m 644 $(BIN)/locale/$$l/LC_MESSAGES/chat.mo \
	    $(DESTDIR)$(LOCALE_DIR)/$$l/LC_MESSAGES/chat.mo; done

uninstall: ## remove what install put there
	rm -f $(SBINDIR)/chatd $(BINDIR)/chat $(BINDIR)/chat-who \
	  $(BINDIR)/chat-bench $(MANDIR)/man1/chat.1 \
	  $(MANDIR)/man1/chat-who.1 $(MANDIR)/man1/chat-bench.1 \
	  $(MANDIR)/man8/chatd.8 $(NAMES:%=$(BASHDIR)/%) \
	  $(NAMES:%=$(ZSHDIR)/_%) $(NAMES:%=$(FISHDIR)/%.fish) \
	  $(LANGUAGES:%=$(DESTDIR)$(LOCALE_DIR)/%/LC_MESSAGES/chat.mo)

clean: ## remove build/
	rm -rf build

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1\t\2/p' $(MAKEFILE_LIST) | expand -t 14
