# SPDX-License-Identifier: GPL-2.0
#
# What people type. kbuild itself reads Kbuild; the rig is in tests/cross/.

KDIR ?= /lib/modules/$(shell uname -r)/build

# What demo, cross and shell take when nothing is said; check then takes the
# whole matrix (tests/cross/matrix).
arch   = $(or $(ARCH),$(shell uname -m))
kernel = $(or $(KERNEL),trixie)
rig   := tests/cross
comma := ,
# As one word of the shell, whatever is in it.
quoted = '$(subst ','\'',$(1))'
cell   = $(call quoted,$(arch)) $(call quoted,$(kernel))

modules modules_install: headers
	$(MAKE) -C $(KDIR) M=$(CURDIR) $@

# A hint in place of make's own words for a directory that is not there.
headers:
	@test -e "$(KDIR)/Makefile" || { \
		echo "no kernel headers in $(KDIR): install the linux-headers package of this kernel, or set KDIR= to a directory that has them" >&2; exit 1; }

clean:
	$(if $(wildcard $(KDIR)),$(MAKE) -C $(KDIR) M=$(CURDIR) $@)
	rm -rf build

demo:
	@$(rig)/demo $(cell)

check:
	@$(rig)/check

quick:
	@$(rig)/check quick

fresh:
	@$(rig)/fresh $(call quoted,$(or $(SUITE),bookworm)) $(CMD)

report:
	@$(rig)/report

cross:
	@$(rig)/run $(cell) $(call quoted,$(TEST))

patch:
	@$(rig)/patch $(cell) $(call quoted,$(P))

build-patch:
	@$(rig)/build-patch $(cell) $(call quoted,$(DIFF))

lint-patch:
	@$(rig)/lint-patch $(call quoted,$(ARCH)) $(call quoted,$(KERNEL)) $(call quoted,$(DIFF)) $(call quoted,$(P)) $(call quoted,$(KO))

soak:
	@$(rig)/soak $(cell) $(call quoted,$(or $(N),1000))

model:
	@for test in $$(tests/host-names); do tests/$$test/run || exit; done

tools:
	@$(MAKE) --no-print-directory -C tools

tools_install:
	@$(MAKE) --no-print-directory -C tools install

shell:
	@$(rig)/shell $(cell)

selftests:
	@$(rig)/selftests $(cell)

mutants:
	@$(if $(RANDOM),$(rig)/random $(call quoted,$(RANDOM)) $(call quoted,$(or $(SEED),$(shell date +%Y%m%d))),$(rig)/mutants $(foreach name,$(MUTANT),$(call quoted,$(name))))

bench:
	@$(rig)/bench $(call quoted,$(BENCH)) $(call quoted,$(ARCH)) $(call quoted,$(KERNEL))

bench-check:
	@$(rig)/bench-check $(call quoted,$(ARCH)) $(call quoted,$(KERNEL))

bench-report:
	@$(rig)/bench-report

hosts:
	@$(rig)/hosts $(cell) $(call quoted,$(TEST))

lava:
	@$(rig)/lava

# Of a machine, or of an architecture: what its own code does, without the core.
conformance:
	@$(if $(HOST),$(rig)/conformance $(call quoted,$(HOST)) $(call quoted,$(TEST)),$(if $(ARCH),$(rig)/run $(cell) bare$(comma)walk,$(rig)/conformance))

port-report:
	@$(rig)/port-report $(cell)

new-arch:
	@scripts/new-arch $(call quoted,$(NAME)) $(call quoted,$(LIKE)) $(call quoted,$(DIR))

kernel:
	@$(rig)/kernel $(call quoted,$(arch)) $(call quoted,$(or $(LINUX),$(kernel))) $(call quoted,$(or $(CONFIG),debug))

toolchains:
	@$(rig)/compilers $(call quoted,$(ARCH))

# For DKMS, or for one kernel if anything says which.
deb:
	@$(rig)/deb $(if $(ARCH)$(KERNEL)$(FLAVOUR),$(cell))

packages:
	@$(rig)/packages $(cell) $(if $(TEST),$(call quoted,$(TEST)))

help:
	@echo 'make                  xlp.ko and the samples, for KDIR'
	@echo 'make modules_install  install them (INSTALL_MOD_PATH= as in kbuild)'
	@echo 'make clean            remove what was built here'
	@echo 'make demo             patch a stock kernel live in a guest; ARCH=all for each architecture'
	@echo 'make check            all that must pass: sources, rig, and the matrix or the cells of ARCH, KERNEL'
	@echo 'make quick            of that all that needs no guest: before each commit'
	@echo 'make fresh            the same in a Debian SUITE= (bookworm if not given) that is installed for it and has nothing; CMD= for another command'
	@echo 'make report           what the last check found, as text; build/report/ has it as HTML, JSON (ours, KCIDB'"'"'s) and JUnit XML'
	@echo 'make cross            one cell: build, boot, test'
	@echo 'make patch            build the patch in the directory P, switch it on and off under load in a guest'
	@echo 'make build-patch      make a patch of DIFF, by compiling the files that it changes, and try it like that'
	@echo 'make lint-patch       in which kernels of the matrix, or of ARCH, KERNEL, can the functions that DIFF changes be replaced? Does the'
	@echo '                      patch in the directory P, or the built one KO, fit? A guest is booted once for each kernel'
	@echo 'make soak             one cell, N switches of patches per consistency model under load'
	@echo 'make model            tests of this machine, which run files of xlp as programs: tests/host-tests has the list'
	@echo 'make tools            what makes patches from changes of sources, in build/tools (tools/README.md)'
	@echo 'make tools_install    install it (prefix=/usr/local, DESTDIR=)'
	@echo 'make selftests        the own livepatch selftests and samples of the kernel, unmodified, against xlp'
	@echo 'make mutants          do the tests notice deliberate mistakes? MUTANT= for one of tests/mutants,'
	@echo '                      RANDOM=N SEED=S for N that are drawn by chance'
	@echo 'make bench            figures: BENCH=stop (in guests that count instructions), stop-tries (under load), shadow,'
	@echo '                      scale (with many tasks), functions (enabling 1 to 2,000), call or transition (both'
	@echo '                      beside in-kernel livepatch; the latter with plots)'
	@echo 'make bench-check      do patched calls take more instructions than doc/performance.json says, or BASELINE=, a file like it?'
	@echo 'make bench-report     write doc/performance.md, its plots and that file of what BENCH=call has found'
	@echo 'make shell            a root shell in that guest'
	@echo 'make hosts            try make check HOSTS= here: two machines on the loopback address, of which one vanishes'
	@echo 'make lava             jobs for a lab with LAVA in build/lava, one for each cell (BOARD= of it, ARTEFACTS=; doc/labs.md)'
	@echo 'make conformance      the suite on the machine HOST, over ssh (SSH= has options of it), with its own kernel;'
	@echo '                      with ARCH= and no HOST=: in a guest, what the code of that architecture does without xlp'"'"'s core'
	@echo 'make port-report      what a port and a kernel have for each other, and what is lost without (doc/porting.md)'
	@echo 'make new-arch         lay down the files of an architecture: NAME= in the kernel, LIKE= one of the rig;'
	@echo '                      DIR= if its directory in the kernel is that of another one'
	@echo 'make kernel           build a kernel for the rig, from the source LINUX, with the options CONFIG;'
	@echo '                      DRYRUN=1: only see whether it takes them'
	@echo 'make toolchains       which compilers there are for ARCH, or for all, which is taken, and why'
	@echo 'scripts/graft TREE    put xlp into a kernel tree; --remove takes it away, --patch prints it for git am'
	@echo 'make deb              a Debian package of xlp that DKMS builds; with ARCH= or KERNEL= the module for that kernel'
	@echo 'make packages         install these in guests that are an installed Debian, use and remove them; TEST= for some of'
	@echo '                      modules,enforce,lockdown and, which take longer or do more to this machine, dkms,secureboot,conformance'
	@echo
	@echo 'KDIR=$(KDIR)'
	@echo 'ARCH=$(arch)  one of: $(basename $(notdir $(wildcard $(rig)/arch/*.conf))), or an alias'
	@echo 'KERNEL=$(kernel)  bookworm, trixie, sid, forky, *-backports, a version (6.12), a build tree,'
	@echo '                      or debug, debug-sid, debug,livepatch-sid: what make kernel builds, built if need be'
	@echo 'LINUX=$(LINUX)  of make kernel: a suite, or a directory with the source of a kernel; if empty KERNEL'
	@echo 'FLAVOUR=$(FLAVOUR)  of a kernel of Debian: cloud, rt, 16k, 64k; where there is none of the word, what there is is said'
	@echo 'CROSS_COMPILE=$(CROSS_COMPILE)  another compiler than Debian'"'"'s, by its name up to gcc: a tuple in ~/x-tools, or a path (cross, kernel, ...)'
	@echo 'LLVM=$(LLVM)  1: clang and lld, for kernels that clang has built; of make kernel: build it so'
	@echo 'CONFIG=$(or $(CONFIG),debug)  of make kernel: some of $(sort $(filter-out $(basename $(notdir $(wildcard $(rig)/arch/*.conf))),$(patsubst %.config,%,$(notdir $(wildcard $(rig)/configs/*.config))))), and files'
	@echo '                      with options, with commas; base and what the architecture needs always come first'
	@echo 'TEST=$(TEST)  tests of the suite, with commas, of cross, check and soak; all if empty'
	@echo 'SUITE_TEST=$(SUITE_TEST)  of packages TEST=conformance: tests of the suite to run over ssh on such a machine; all if empty;'
	@echo '                      SUITE_BUILD=board compiles them there'
	@echo 'DIFF=$(DIFF)  of make build-patch and lint-patch: a file with a change of the source; FIX.sh beside FIX.diff is its test.sh'
	@echo 'SOURCE=$(SOURCE)  of lint-patch: the source that DIFF is made for, which says what functions its lines lie in'
	@echo 'KO=$(KO)  of lint-patch: a patch that is built'
	@echo 'P=$(P)  of make patch: a directory with a Kbuild; a test.sh in it says whether the patch does its work'
	@echo 'LEVEL=$(LEVEL)  short: all tests, with little of what could be any number, and check without selftests;'
	@echo '                      full: more of it, in all cells; if empty full, and in check what the matrix says'
	@echo 'SWITCHES=$(SWITCHES)  switches per model in the test world, in place of what the level says'
	@echo 'SEED=$(SEED)  of what the test admins does; 1 if empty, in soak the clock'
	@echo 'OPS=$(OPS)  operations of the test admins, in place of what the level says'
	@echo 'N=$(or $(N),1000)  switches of soak, of all models together, and rounds of its races; operations of TEST=admins'
	@echo 'SLICE=$(or $(SLICE),500)  operations that soak TEST=admins does in a guest'
	@echo 'MODEL=$(MODEL)  models in the test world and in soak, with commas; immediate,stop,per-task if empty'
	@echo 'AGAINST=$(or $(AGAINST),xlp)  of selftests: xlp, in-kernel for the live patching of the kernel itself, or both at once'
	@echo 'SIGN_KEY=$(SIGN_KEY) SIGN_CERT=$(SIGN_CERT)  of deb for one kernel: the private key (PEM) and its certificate to sign xlp.ko with'
	@echo 'VERSION=$(VERSION)  of deb, if not what git says; DEBFULLNAME=, DEBEMAIL= say who maintains it'
	@echo 'EXTRA=$(EXTRA)  a directory whose files are put into the guest (cross, check, soak, shell, selftests)'
	@echo 'MODULES=$(MODULES)  modules of the kernel'"'"'s package to load in the guest, with what they depend on'
	@echo 'APPEND=$(APPEND)  more words for the command line of the guest kernel (cross, check, soak, shell)'
	@echo 'SMP=$(or $(SMP),2)  processors of a guest'
	@echo 'PARALLEL=$(PARALLEL)  1: a thread of this machine for each processor of a guest (QEMU 8.1 or newer; see JOBS); no: one for all'
	@echo 'QEMU_SUITE=$(QEMU_SUITE)  a suite of Debian whose QEMU is taken in place of the one of this machine'
	@echo 'TIMEOUT=$(or $(TIMEOUT),300; 2000 in check; 1800 for debug and selftests)  seconds a guest may run'
	@echo 'JOBS=$(JOBS)  guests at once in check and demo; if empty as many as processors in demo, half as many'
	@echo '                      more in check, and two for selftests beside them'
	@echo 'HOSTS=$(HOSTS)  machines that ssh reaches, to run the cells of check: "a root@b 4/c", 4/ for four at once'
	@echo 'SSH=$(SSH)  more options for ssh, to HOSTS and HOST'
	@echo 'MATRIX=$(MATRIX)  a file with the cells of check, in place of $(rig)/matrix'
	@echo 'RESUME=$(RESUME)  1: go on with a check that has ended early, with what it has not finished'
	@echo 'KCIDB_ORIGIN=$(or $(KCIDB_ORIGIN),xlp)  who reports, in build/report/kcidb.json'
	@echo 'V=$(V)  1: whole build commands and the console'
	@echo 'XLP_ARCH=$(XLP_ARCH)  none: build without arch/, as an architecture that has no directory there is built'
	@echo 'W=$(W)  1: more compiler warnings, and none that passes'
	@echo 'DRYRUN=$(DRYRUN)  1: print the QEMU line of cross or shell, or the jobs of check, in place of running it'
	@echo 'MIRROR=$(MIRROR)  a Debian mirror in place of the one of this machine'
	@echo 'INSTALL=$(or $(INSTALL),yes)  no: do not install missing packages, say which'
	@echo 'DIRECT=$(or $(DIRECT),auto)  never, always: xlp.ko'"'"'s parameter "direct" in guests (doc/design.md)'
	@echo 'LOCK_WAIT=$(or $(LOCK_WAIT),900)  seconds to wait for another run'
	@echo 'XDG_CACHE_HOME=$(or $(XDG_CACHE_HOME),$(HOME)/.cache)  kernels and the build root are in xlp/ there'

.PHONY: modules modules_install headers tools tools_install clean demo check hosts quick fresh report cross patch build-patch lint-patch model soak shell selftests \
	kernel toolchains mutants lava conformance port-report new-arch bench bench-check bench-report deb packages help
