package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/spf13/pflag"
)

func load(t *testing.T, yaml string, env map[string]string, args ...string) (*Config, []Setting, error) {
	t.Helper()
	fs := pflag.NewFlagSet("heed", pflag.ContinueOnError)
	c := Bind(fs)
	if err := fs.Parse(args); err != nil {
		t.Fatal(err)
	}
	path := ""
	if yaml != "" {
		path = filepath.Join(t.TempDir(), "heed.yaml")
		if err := os.WriteFile(path, []byte(yaml), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s, err := Load(fs, c, path, func(k string) string { return env[k] })
	return c, s, err
}

func TestFlagBeatsEnvironmentBeatsFileBeatsDefault(t *testing.T) {
	file := "listen: 127.0.0.1:1\ndata: from-file\ncalls:\n  max: 7\nlog: {level: debug}\n"
	env := map[string]string{"HEED_LISTEN": "127.0.0.1:2", "HEED_DATA": "from-env"}
	c, set, err := load(t, file, env, "--listen", "127.0.0.1:3")
	if err != nil {
		t.Fatal(err)
	}
	if c.Listen != "127.0.0.1:3" || c.Data != "from-env" || c.Calls.Max != 7 || c.Calls.Grace != 15*time.Second {
		t.Errorf("wrong precedence: %+v", c)
	}
	origin := make(map[string]string)
	for _, s := range set {
		origin[s.Name] = s.Origin
	}
	for name, want := range map[string]string{
		"listen": "flag", "data": "environment HEED_DATA", "calls-grace": "default",
	} {
		if origin[name] != want {
			t.Errorf("origin of %s = %q, want %q", name, origin[name], want)
		}
	}
	if !strings.HasSuffix(origin["calls-max"], "heed.yaml:4") {
		t.Errorf("origin of calls-max = %q, want line 4 of the file", origin["calls-max"])
	}
}

func TestRefusals(t *testing.T) {
	tests := []struct{ name, yaml, want string }{
		{"unknown key by name and line", "listen: 127.0.0.1:1\nlissten: x\n", `heed.yaml:2: unknown key "lissten" (did you mean "listen"?)`},
		{"unknown nested key", "twilio:\n  auth_tokn: x\n", `heed.yaml:2: unknown key "twilio.auth_tokn"`},
		{"wrong type", "calls:\n  max: many\n", "heed.yaml:2: calls.max"},
		{"set twice", "calls-max: 3\ncalls: {max: 4}\n", "was set already on line 1"},
		{"not a mapping", "- listen\n", `expected "key: value" lines`},
		{"broken YAML", "listen: [\n", "configuration"},
		{"alias", "a: &x 1\nlisten: *x\n", "must be a value or a list"},
		{"out of range", "calls-max: 0\n", "calls-max: 0 is not between"},
		{"unknown time zone", "calls: {time_zone: Mars/Base}\n", `calls-time-zone: "Mars/Base" is not a time zone`},
		{"bad URL", "public-url: heed.example.com\n", "must start with https://"},
		{"bad mood", "sentiment:\n  default: sometimes\n", `"sometimes" is not one of [on off]`},
		{"bad country", "sentiment:\n  except: [DE, Germany]\n", `"Germany" is not a two-letter country code`},
		{"bad address of audio", "whip: {listen: here}\n", `whip-listen: "here": write host:port`},
		{"bad public address", "whip: {public_ips: [heed.example.com]}\n", `"heed.example.com" is not an IP address`},
		{"bad origin", "whip: {origins: [phone.example.com]}\n", "whip-origins"},
		{"bad relay", "whip: {relay_key: a, relay_password: b}\n", "not both"},
		{"bad engine", "speech-engine: ears\n", "is not one of"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, _, err := load(t, tt.yaml, nil)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error = %v, want it to contain %q", err, tt.want)
			}
		})
	}
}

func TestWhereMoodsAreScored(t *testing.T) {
	c, _, err := load(t, "sentiment:\n  default: off\n  except: [DE, FR]\n", nil)
	if err != nil || c.Sentiment.Default != "off" || len(c.Sentiment.Except) != 2 || c.Sentiment.Except[1] != "FR" {
		t.Errorf("got %+v, %v", c.Sentiment, err)
	}
	if c, _, err = load(t, "", nil); err != nil || c.Sentiment.Default != "on" || len(c.Sentiment.Except) != 0 {
		t.Errorf("by default %+v, %v", c.Sentiment, err)
	}
}

func TestSecretsAreNotShown(t *testing.T) {
	_, set, err := load(t, "twilio: {auth_token: swordfish}\naudiohook: {keys: [\"key:swordfish\"]}\n", nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range set {
		if strings.Contains(s.Value, "swordfish") {
			t.Errorf("%s shows the secret", s.Name)
		}
	}
}

func TestListsAndMissingFile(t *testing.T) {
	c, _, err := load(t, "models:\n  - /a\n  - /b\n", nil)
	if err != nil || len(c.Speech.Models) != 2 || c.Speech.Models[1] != "/b" {
		t.Errorf("models = %v, error %v", c.Speech.Models, err)
	}
	fs := pflag.NewFlagSet("heed", pflag.ContinueOnError)
	if _, err := Load(fs, Bind(fs), "/no/such/heed.yaml", os.Getenv); err == nil {
		t.Error("a file that was named and is not there must be an error")
	}
}

func FuzzParse(f *testing.F) {
	f.Add("listen: x\ncalls: {max: 3}\nmodels: [a, b]\n")
	f.Add("a: &x [1]\nb: *x\n")
	f.Fuzz(func(t *testing.T, text string) {
		values, err := parse("heed.yaml", []byte(text))
		if err != nil {
			return
		}
		for _, v := range values {
			if v.line < 1 {
				t.Errorf("%q has no line", v.key)
			}
		}
	})
}

func TestAudioComesInWhereTheServerIs(t *testing.T) {
	for listen, want := range map[string]string{
		"127.0.0.1:8080": "127.0.0.1:0", "0.0.0.0:80": "0.0.0.0:0", "[::1]:80": "[::1]:0", ":80": ":0", "localhost:80": "localhost:0",
	} {
		if got := (&WHIP{}).Address(listen); got != want {
			t.Errorf("listening on %s, audio comes on %s, want %s", listen, got, want)
		}
	}
	if got := (&WHIP{Listen: "192.0.2.1:8189"}).Address("127.0.0.1:80"); got != "192.0.2.1:8189" {
		t.Errorf("audio comes on %s", got)
	}
}
