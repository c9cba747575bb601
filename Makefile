# What a developer does often. CI runs .ci/run, which does all of `check` with the real counterparts installed.
.PHONY: build test check run fmt golden fuzz docs bench

build:
	dotnet build

test:
	dotnet test

# The gate: locked restore, build, format, tests.
check:
	dotnet restore --locked-mode
	dotnet format --verify-no-changes --no-restore
	dotnet build --no-restore
	dotnet test --no-build

run:
	dotnet run -c Release --project src/Signet.Server

fmt:
	dotnet format

# Rewrites expected files; read the difference before you commit it.
golden:
	UPDATE_GOLDEN=1 dotnet test

# make fuzz TARGET=policy
fuzz:
	fuzz/run.sh $(TARGET)

# Writes bench/Results.md; see bench/README.md.
bench:
	dotnet run -c Release --project bench -- all
