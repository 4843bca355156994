package main

import (
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// TestHelpNeedsNoManual holds every command to what its help must have: what
// it does, an example where there is more than one way to use it, and every
// flag explained.
func TestHelpNeedsNoManual(t *testing.T) {
	t.Parallel()
	var visit func(c *cobra.Command)
	visit = func(c *cobra.Command) {
		for _, sub := range c.Commands() {
			visit(sub)
		}
		if c.Hidden || c.Name() == "help" {
			return
		}
		if c.Short == "" || strings.HasSuffix(c.Short, ".") {
			t.Errorf("%s: short help %q", c.CommandPath(), c.Short)
		}
		if c.Name() != "version" && c.Long == "" && c.Example == "" {
			t.Errorf("%s: neither long help nor an example", c.CommandPath())
		}
		for line := range strings.Lines(c.Long + "\n" + c.Example) {
			if len(line) > 88 {
				t.Errorf("%s: a line of help is too long for a terminal: %q", c.CommandPath(), line)
			}
		}
		c.Flags().VisitAll(func(f *pflag.Flag) {
			if len(f.Usage) < 10 && f.Name != "help" {
				t.Errorf("%s: --%s is not explained", c.CommandPath(), f.Name)
			}
		})
	}
	visit(newRoot())
}

func TestHelpNamesWhatTheIssuePromises(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		args  string
		names []string
	}{
		{"--help", []string{"serve", "call", "transcribe", "model", "engines", "doctor", "config", "version", "HEED_LISTEN", "--config", "exit status"}},
		{"", []string{"Start here:", "heed doctor"}},
		{"help serve", []string{"--listen", "--data", "--demo", "/healthz", "/readyz", "interrupt"}},
		{"serve --help", []string{"--listen", "--data", "--demo", "--twilio-auth-token", "Examples:"}},
		{"call --help", []string{"--to", "--as", "--speed", "--data", "--json", "--key", "HEED_KEY", "left", "Examples:", `"because"`}},
		{"transcribe --help", []string{"--json", "--format", "--output", "srt", "vtt", `"words"`, "--models", "Examples:"}},
		{"compare --help", []string{"--engines", "--reference", "--json", "word error rate", "Examples:"}},
		{"dnc --help", []string{"import", "Examples:"}},
		{"dnc import --help", []string{"--list", "--national", "--source", "--add", "Examples:"}},
		{"corrections --help", []string{"export", "words", "Examples:"}},
		{"corrections export --help", []string{"manifest.jsonl", "--key", "Examples:"}},
		{"corrections words --help", []string{"--times", "boost", "Examples:"}},
		{"eval --help", []string{"intent", "redact", "sentiment", "wer", "label", "oos", "code points", "exit status 2", "Examples:"}},
		{"eval intent --help", []string{"--train", "--test", "--oos", "accuracy", "macro_f1", "ece", "oos_auroc", "Examples:"}},
		{"eval themes --help", []string{"--train", "nmi", "ari", "acc", "Examples:"}},
		{"eval redact --help", []string{"--policy", "spans", "Examples:"}},
		{"eval sentiment --help", []string{"--train", "Examples:"}},
		{"eval wer --help", []string{"--engine", "hypothesis", "audio", "Examples:"}},
		{"reanalyze --help", []string{"--since", "--until", "--kind", "--dry-run", "--call", "--show", "--json", "--to", "Examples:"}},
		{"version --help", []string{"--models"}},
		{"model --help", []string{"pull", "list", "HEED_MODELS"}},
		{"model pull --help", []string{"--into", "SHA-256", "Examples:"}},
		{"engines --help", []string{"--speech-engine", "auto"}},
		{"doctor --help", []string{"--live", "exit status is 1"}},
		{"config --help", []string{"--config", "HEED_LISTEN", "calls-max"}},
		{"policy --help", []string{"--strict", "redact-policy", "Examples:"}},
		{"link --help", []string{"--data", "once", "admin"}},
	} {
		t.Run(tt.args, func(t *testing.T) {
			t.Parallel()
			r := heedIn(t, t.TempDir(), []string{"HEED_KEY=swordfish"}, strings.Fields(tt.args)...)
			r.want(t, 0)
			for _, n := range tt.names {
				if !strings.Contains(r.out, n) {
					t.Errorf("the help does not mention %s:\n%s", n, r.out)
				}
			}
			if strings.Contains(r.out, "swordfish") {
				t.Error("the help shows the key of the environment")
			}
		})
	}
}

// TestOnlyUsefulFlags keeps settings of the server out of commands that have
// no use for them.
func TestOnlyUsefulFlags(t *testing.T) {
	t.Parallel()
	for _, args := range []string{"transcribe x.wav --listen :1", "call x.wav --calls-max 3", "link --demo", "engines --twilio-dial 1", "model list --listen :1"} {
		heed(t, strings.Fields(args)...).want(t, 2, "unknown flag", "--help")
	}
}

func TestMisuseIsOneLineAndTwo(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ args, says string }{
		{"bogus", `unknown command "bogus"`},
		{"trancribe x.wav", `did you mean "transcribe"?`},
		{"help bogus", `no help about "bogus"`},
		{"model bogus", `unknown command "bogus"`},
		{"model pull a b", "heed model list"},
		{"model pull no-such-model", "heed model list"},
		{"serve --bogus", `unknown flag: --bogus; see "heed serve --help"`},
		{"serve extra", `takes no argument "extra"`},
		{"serve --calls-max many", "calls-max"},
		{"serve --calls-max 0", "calls-max: 0 is not between"},
		{"serve --listen nowhere", "listen"},
		{"serve --public-url example.com", "https://"},
		{"serve --config /no/such/file.yaml", "/no/such/file.yaml"},
		{"serve --demo=maybe", "demo"},
		{"call", "want one recording"},
		{"call a.wav b.wav", "want one recording"},
		{"transcribe", "want one or more recordings"},
		{"eval bogus", `unknown command "bogus"`},
		{"eval intent", "give --train FILE"},
		{"eval redact", "give --test FILE"},
		{"eval themes", "give --test FILE"},
		{"eval sentiment --test /no/such.jsonl", "no such file"},
		{"eval wer rows.jsonl", `takes no argument "rows.jsonl"`},
		{"reanalyze", "since when?"},
		{"reanalyze --since yesterday", `"yesterday" is none of`},
		{"reanalyze --since 30d --kind mood", `no kind "mood"`},
		{"reanalyze --since 30d --data /no/such", "/no/such holds no history"},
		{"reanalyze 30d", `takes no argument "30d"`},
		{"version 2", `takes no argument "2"`},
		{"policy x", `takes no argument "x"`},
		{"config x", `takes no argument "x"`},
		{"doctor x", `takes no argument "x"`},
		{"engines x", `takes no argument "x"`},
		{"engines --speech-engine ears", "is not one of"},
		{"link x", `takes no argument "x"`},
		{"link --key k --to ftp://x", "http://localhost:8080"},
	} {
		t.Run(tt.args, func(t *testing.T) {
			t.Parallel()
			heed(t, strings.Fields(tt.args)...).want(t, 2, tt.says)
		})
	}
}

func TestVersion(t *testing.T) {
	t.Parallel()
	r := heed(t, "version")
	r.want(t, 0)
	if !regexp.MustCompile(`^heed dev\S*( \S+)? \(go1\.\S+, \w+/\w+\)\n$`).MatchString(r.out) {
		t.Errorf("it printed %q", r.out)
	}
}

func TestConfigTellsOrigins(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := filepath.Join(dir, "heed.yaml")
	text := "data: from-file\ncalls:\n  max: 7\nlog-level: debug\ntwilio: {auth_token: swordfish}\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	env := []string{"HEED_LISTEN=127.0.0.1:9000", "HEED_LOG_LEVEL=warn", "HEED_CONFIG=" + file}
	r := heedIn(t, dir, env, "config", "--log-level", "error")
	r.want(t, 0)
	for _, want := range []string{
		`data +from-file +\S*heed.yaml:1`,
		`calls-max +7 +\S*heed.yaml:3`,
		`listen +127.0.0.1:9000 +environment HEED_LISTEN`,
		`log-level +error +flag`,
		`calls-region +US +default`,
		`twilio-auth-token +\(set, not shown\) +\S*heed.yaml:5`,
	} {
		if !regexp.MustCompile(`(?m)^` + want + `$`).MatchString(r.out) {
			t.Errorf("no line %q in\n%s", want, r.out)
		}
	}
	if strings.Contains(r.out, "swordfish") {
		t.Error("the secret is shown")
	}
}

func TestConfigRefusesUnknownKeys(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "heed.yaml")
	if err := os.WriteFile(file, []byte("listen: 127.0.0.1:1\nlissten: x\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, command := range []string{"config", "serve", "engines", "transcribe x.wav", "link"} {
		r := heed(t, append(strings.Fields(command), "--config", file)...)
		r.want(t, 2, file+`:2: unknown key "lissten" (did you mean "listen"?)`)
	}
}

func TestDoctor(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	t.Run("a new machine", func(t *testing.T) {
		t.Parallel()
		data := filepath.Join(dir, "new", "da ta")
		r := heed(t, "doctor", "--data", data, "--models", "/no/such/folder")
		if r.code != 0 && !strings.Contains(r.out, "NEEDED   speech model") {
			t.Errorf("exit status %d: %s%s", r.code, r.out, r.err)
		}
		for _, want := range []string{"speech model small-en", "heed model pull small-en --data '" + data + "'", "HEED_TWILIO_AUTH_TOKEN"} {
			if !strings.Contains(r.out, want) {
				t.Errorf("it does not say %q:\n%s", want, r.out)
			}
		}
		if _, err := os.Stat(filepath.Join(dir, "new")); !errors.Is(err, os.ErrNotExist) {
			t.Error("the doctor made the data folder")
		}
	})
	t.Run("the master key beside the data", func(t *testing.T) {
		t.Parallel()
		data, elsewhere := t.TempDir(), filepath.Join(t.TempDir(), "master.key")
		const beside = "missing  master key outside of the data folder"
		before := heed(t, "doctor", "--data", data)
		if !strings.Contains(before.out, beside) || !strings.Contains(before.out, "openssl rand -base64 32") {
			t.Errorf("nothing is said before the first start:\n%s", before.out)
		}
		made := filepath.Join(data, "keys", "master.key")
		if err := errors.Join(os.Mkdir(filepath.Dir(made), 0o700), os.WriteFile(made, nil, 0o600)); err != nil {
			t.Fatal(err)
		}
		if r := heed(t, "doctor", "--data", data); !strings.Contains(r.out, beside) || !strings.Contains(r.out, "mv "+made) {
			t.Errorf("the file is not named:\n%s", r.out)
		}
		if r := heed(t, "doctor", "--data", data, "--master-key-file", made); !strings.Contains(r.out, beside) {
			t.Errorf("named by the settings it is beside the data all the same:\n%s", r.out)
		}
		for _, r := range []result{
			heed(t, "doctor", "--data", data, "--master-key-file", elsewhere),
			heedIn(t, dir, []string{"HEED_MASTER_KEY=x"}, "doctor", "--data", data),
		} {
			if strings.Contains(r.out, beside) || !strings.Contains(r.out, "ok       master key") {
				t.Errorf("a key from elsewhere is no trouble:\n%s", r.out)
			}
		}
	})
	t.Run("an encoder that is not there", func(t *testing.T) {
		t.Parallel()
		r := heed(t, "doctor", "--data", t.TempDir(), "--content-encoder", filepath.Join(dir, "none"))
		if r.code == 0 || !strings.Contains(r.out, "NEEDED   text encoder") || !strings.Contains(r.out, "model.onnx") {
			t.Errorf("exit status %d: %s%s", r.code, r.out, r.err)
		}
	})
	t.Run("something needed is missing", func(t *testing.T) {
		t.Parallel()
		file := filepath.Join(t.TempDir(), "file")
		if err := os.WriteFile(file, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		r := heed(t, "doctor", "--data", file)
		r.want(t, 1, "missing and needed: 1 thing")
		if !strings.Contains(r.out, "NEEDED   data folder") || !strings.Contains(r.out, "mend it:") {
			t.Errorf("no remedy:\n%s", r.out)
		}
	})
	t.Run("no engine at all", func(t *testing.T) {
		t.Parallel()
		// Without programs and module cache neither engine can be found.
		env := []string{"PATH=/none", "HEED_MODELS=/none", "GOMODCACHE=/none"}
		r := heedIn(t, dir, env, "doctor", "--data", dir)
		r.want(t, 1, "2 things")
		for _, want := range []string{"NEEDED   speech model", "NEEDED   speech runtime", "go mod download ", "apt-get install pocketsphinx"} {
			if !strings.Contains(r.out, want) {
				t.Errorf("it does not say %q:\n%s", want, r.out)
			}
		}
	})
	t.Run("no server to be alive", func(t *testing.T) {
		t.Parallel()
		data := t.TempDir()
		if err := os.WriteFile(filepath.Join(data, "address"), []byte("http://127.0.0.1:1\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		heed(t, "doctor", "--live", "--data", data).want(t, 1, "cannot reach the server at http://127.0.0.1:1", "heed serve")
	})
}

func TestEnginesWithoutAny(t *testing.T) {
	t.Parallel()
	env := []string{"PATH=/none", "HEED_MODELS=/none", "GOMODCACHE=/none"}
	dir := t.TempDir()
	r := heedIn(t, dir, env, "engines")
	r.want(t, 0)
	for _, want := range []string{"not available", "heed model pull", "apt-get install", "last resort", "recorded and not heard"} {
		if !strings.Contains(r.out, want) {
			t.Errorf("it does not say %q:\n%s", want, r.out)
		}
	}
	// Whoever insists on one is told that it cannot be had.
	r = heedIn(t, dir, env, "engines", "--speech-engine", "sherpa")
	r.want(t, 1, "small-en")
	for _, args := range []string{
		"transcribe --speech-engine none x.wav", "transcribe --speech-engine sherpa x.wav", "transcribe --speech-engine pocketsphinx x.wav",
		"serve --speech-engine sherpa --listen 127.0.0.1:0",
	} {
		heedIn(t, dir, env, strings.Fields(args)...).want(t, 1, "heed doctor")
	}
}

func TestEnginesMarksTheOneInUse(t *testing.T) {
	t.Parallel()
	needEngine(t)
	r := heed(t, "engines")
	r.want(t, 0)
	if !regexp.MustCompile(`(?m)^\* +sherpa +available`).MatchString(r.out) || !strings.Contains(r.out, "last resort") {
		t.Errorf("it printed\n%s", r.out)
	}
}

func TestModelList(t *testing.T) {
	t.Parallel()
	r := heed(t, "model", "list", "--models", "/no/such/folder")
	r.want(t, 0)
	if !regexp.MustCompile(`(?m)^\* +small-en +en +\d+ MB .*not here: heed model pull small-en`).MatchString(r.out) {
		t.Errorf("it printed\n%s", r.out)
	}
}
