# SPDX-License-Identifier: Apache-2.0
# A thin front: meson and ninja build, the scripts in tools/ do the rest. `make help` explains.
SHELL := /bin/bash
.DEFAULT_GOAL := build
.PHONY: help build demo test lint bench fuzz soak install clean

BUILD ?= release
PREFIX ?= /usr/local
SECONDS ?= 60

help:
	@echo 'make              build with release flags in build/release'
	@echo 'make demo         build, then hold a small election and verify its record'
	@echo 'make test         all tests: release, sanitizers, clang, constant time (PART=... for one)'
	@echo 'make lint         everything that is checked without running'
	@echo 'make bench        speed, with operation counts (BUILD=clang for the other compiler)'
	@echo 'make fuzz         libFuzzer on every target for 60 s each (TARGET=name SECONDS=n)'
	@echo 'make soak         tests at length in the background (SUITE=name, SEED=n)'
	@echo 'make install      install under PREFIX=/usr/local (DESTDIR=... for packagers)'
	@echo 'make clean        remove build/'
	@echo
	@echo 'Missing Debian packages (packages/*.txt) are installed first, with sudo where not root.'

build:
	@tools/packages.sh build
	@tools/configure.sh $(BUILD)
	ninja -C build/$(BUILD)

demo:
	@tools/packages.sh build demo
	@tools/demo.sh

test:
	@tools/packages.sh build test
	@tools/test.sh $(PART)

lint:
	@tools/packages.sh build test lint
	@tools/lint.sh $(CHECK)

bench:
	@tools/packages.sh build test
	@tools/bench.sh $(BUILD)

fuzz:
	@tools/packages.sh build test
	@tools/fuzz.sh $(SECONDS) $(TARGET)

soak:
	@tools/packages.sh build test
	@tools/soak.sh '$(SUITE)' $(SEED)

install: build
	@meson configure build/$(BUILD) -Dprefix=$(PREFIX)
	meson install -C build/$(BUILD)

clean:
	rm -rf build
