package deploy

import (
	"bufio"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/spf13/pflag"

	"heed/internal/config"
)

// TestSampleConfigurationIsValidAndComplete loads the sample as serve would
// and checks that it names every setting, with the default where it has one.
func TestSampleConfigurationIsValidAndComplete(t *testing.T) {
	fs := pflag.NewFlagSet("heed", pflag.ContinueOnError)
	c := config.Bind(fs)
	set, err := config.Load(fs, c, "heed.yaml", func(string) string { return "" })
	if err != nil {
		t.Fatal(err)
	}
	raw := read(t, "heed.yaml")
	for _, s := range set {
		group, key, nested := strings.Cut(s.Name, "-")
		if s.Name == "public-url" || s.Name == "demo" {
			group, nested = s.Name, false
		}
		if s.Name == "demo" {
			continue // not for a server that runs for real
		}
		if !regexp.MustCompile(`(?m)^#? ?` + group + `:`).MatchString(raw) {
			t.Errorf("heed.yaml does not mention %s", s.Name)
		}
		if nested && !strings.Contains(raw, strings.ReplaceAll(key, "-", "_")+":") {
			t.Errorf("heed.yaml does not mention %s", s.Name)
		}
	}
}

// TestUnitIsHardenedAndWhole parses the systemd unit.
func TestUnitIsHardenedAndWhole(t *testing.T) {
	unit := make(map[string]map[string]string)
	section := ""
	for _, line := range lines(t, "heed.service") {
		switch {
		case line == "" || strings.HasPrefix(line, "#"):
		case strings.HasPrefix(line, "["):
			section = strings.Trim(line, "[]")
			unit[section] = make(map[string]string)
		default:
			key, value, ok := strings.Cut(line, "=")
			if !ok || section == "" {
				t.Fatalf("line %q is neither a section nor a setting", line)
			}
			if _, twice := unit[section][key]; twice {
				t.Errorf("%s is set twice in [%s]", key, section)
			}
			unit[section][key] = value
		}
	}
	service := unit["Service"]
	for key, want := range map[string]string{
		"NoNewPrivileges": "yes", "ProtectSystem": "strict", "PrivateTmp": "yes",
		"CapabilityBoundingSet": "", "User": "heed", "UMask": "0077",
	} {
		if got, ok := service[key]; !ok || got != want {
			t.Errorf("[Service] %s = %q, want %q", key, got, want)
		}
	}
	if !strings.Contains(service["ExecStart"], "heed serve --config ") {
		t.Errorf("ExecStart = %q", service["ExecStart"])
	}
	if unit["Install"]["WantedBy"] == "" || unit["Unit"]["Description"] == "" {
		t.Error("the unit cannot be enabled or has no description")
	}
}

// TestDockerfileRunsUnprivileged parses the instructions of the last stage.
func TestDockerfileRunsUnprivileged(t *testing.T) {
	stages := 0
	last := make(map[string]string)
	var copied []string
	for _, line := range instructions(t, "Dockerfile") {
		word, rest, _ := strings.Cut(line, " ")
		if word == "FROM" {
			stages++
			last = make(map[string]string)
		}
		if word == "COPY" && !strings.HasPrefix(rest, "--from") {
			copied = append(copied, strings.Fields(rest)...)
		}
		last[word] = rest
	}
	if stages != 3 {
		t.Errorf("%d stages, want ui, build and the image itself", stages)
	}
	if user := last["USER"]; user == "" || strings.HasPrefix(user, "0") || user == "root" {
		t.Errorf("runs as %q", user)
	}
	if !strings.Contains(last["ENTRYPOINT"], "/opt/heed/heed") || last["CMD"] != `["serve"]` {
		t.Errorf("starts %s %s", last["ENTRYPOINT"], last["CMD"])
	}
	for _, path := range copied {
		if strings.HasPrefix(path, "ui/") || path == "go.mod" || path == "go.sum" {
			if _, err := os.Stat("../" + path); err != nil {
				t.Errorf("COPY of a file that is not there: %v", err)
			}
		}
	}
}

// TestVersionsAgree compares what is pinned in several places.
func TestVersionsAgree(t *testing.T) {
	pin := regexp.MustCompile(`sherpa-onnx-go-linux@(v[0-9.]+)`)
	want := pin.FindStringSubmatch(read(t, "../Makefile"))
	if want == nil {
		t.Fatal("the Makefile pins no speech runtime")
	}
	for _, file := range []string{"Dockerfile", "../internal/model/runtime.go"} {
		for _, got := range pin.FindAllStringSubmatch(read(t, file), -1) {
			if strings.TrimRight(got[1], ".") != strings.TrimRight(want[1], ".") {
				t.Errorf("%s pins %s, the Makefile %s", file, got[1], want[1])
			}
		}
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

func lines(t *testing.T, path string) []string {
	t.Helper()
	var out []string
	s := bufio.NewScanner(strings.NewReader(read(t, path)))
	for s.Scan() {
		out = append(out, strings.TrimSpace(s.Text()))
	}
	return out
}

// instructions joins continued lines and leaves comments out.
func instructions(t *testing.T, path string) []string {
	t.Helper()
	var out []string
	open := false
	for _, line := range lines(t, path) {
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		text, more := strings.CutSuffix(line, "\\")
		if open {
			out[len(out)-1] += " " + text
		} else {
			out = append(out, text)
		}
		open = more
	}
	return out
}
