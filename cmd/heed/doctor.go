package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"heed/internal/app"
	"heed/internal/client"
	"heed/internal/config"
	"heed/internal/model"
	"heed/transcribe"
	"heed/transcribe/pocketsphinx"
	"heed/ui"
)

// finding is one line of the doctor's report.
type finding struct {
	what, remedy string
	err          error
	needed       bool
}

func newDoctor() *cobra.Command {
	c := &cobra.Command{
		Use: "doctor", Short: "Say what is missing, and the command that mends it", Args: noArgs,
		Long: `Check what Heed needs on this machine, and change nothing. Each line is "ok",
"missing" (Heed works without it) or "NEEDED", with the command that mends it.
The exit status is 1 when something needed is missing.

With --live the only question is whether the server that uses the data folder
answers, as the health check of a container asks.`,
		Example: "  heed doctor --data /var/lib/heed\n  heed doctor --live",
	}
	live := c.Flags().Bool("live", false, "only ask the server that uses the data folder whether it answers")
	load := settings(c, append(hearing(), "master-key-file", "twilio-auth-token", "redact-policy", "content-encoder")...)
	c.RunE = func(c *cobra.Command, _ []string) error {
		cfg, _, err := load()
		if err != nil {
			return err
		}
		if *live {
			return client.Alive(c.Context(), client.FindServer("", cfg.Data))
		}
		return report(c, examine(*cfg))
	}
	return c
}

func examine(cfg config.Config) []finding {
	name, modelErr := modelInUse(cfg)
	if modelErr == nil {
		_, modelErr = model.Find(app.ModelDirs(cfg), name)
	}
	_, runtimeErr := model.FindRuntime(app.RuntimeDirs(cfg))
	lastResort := pocketsphinx.Find()
	deaf := (modelErr != nil || runtimeErr != nil) && lastResort != nil
	data := quoted(cfg.Data)
	_, policyErr := app.NewPolicy(cfg)
	var screens, token, encoderErr error
	if cfg.Content.Encoder != "" {
		_, encoderErr = app.NewTextEncoder(cfg)
	}
	if !ui.Built() {
		screens = errors.New("this binary was built without the web app")
	}
	if cfg.Twilio.AuthToken == "" {
		token = errors.New("not set: the door refuses Twilio; keys and the demo still get in")
	}
	return append([]finding{
		{"data folder " + cfg.Data, "mkdir -p " + data + " && chmod u+rwx " + data + ", or choose another with --data", writable(cfg.Data), true},
		{"speech model " + name, "heed model pull " + name + " --data " + data, modelErr, deaf},
		{"speech runtime", "go mod download " + model.RuntimeModule, runtimeErr, deaf},
		{"pocketsphinx (last resort)", "apt-get install pocketsphinx pocketsphinx-en-us", lastResort, false},
		{"text encoder", "put model.onnx and vocab.txt there, or leave content-encoder empty", encoderErr, true},
		{"screens", "make build", screens, false},
		{"redaction policy", "mend the file that redact-policy names", policyErr, true},
		{"Twilio's auth token", "set HEED_TWILIO_AUTH_TOKEN to the account's token", token, false},
		masterKey(cfg),
	}, hosted(cfg)...)
}

// masterKey says whether the master key lies beside what it protects.
func masterKey(cfg config.Config) finding {
	f := finding{what: "master key outside of the data folder"}
	file := app.KeyBeside(cfg)
	if file == "" {
		return f
	}
	f.err = errors.New("it is in the folder, so a copy of the folder can be read by whoever has it")
	if _, err := os.Stat(file); err != nil {
		f.remedy = "before the first start, set HEED_MASTER_KEY to what \"openssl rand -base64 32\" gives, or master-key-file to a file elsewhere that holds it"
		return f
	}
	f.remedy = "stop the server, mv " + quoted(file) + " to a place that no copy of the folder takes along, and name it with master-key-file"
	return f
}

// modelInUse is the embedded engine's for the usual language.
func modelInUse(cfg config.Config) (string, error) {
	inUse, err := app.ModelsInUse(cfg)
	if name := inUse[transcribe.BaseLanguage(cfg.Calls.Language)]; name != "" {
		return name, err
	}
	return model.SmallEnglish, err
}

// hosted looks at the engines elsewhere that the settings name.
func hosted(cfg config.Config) []finding {
	named := slices.Clone(cfg.Speech.Engine)
	chains, _ := cfg.Speech.Chains() // they were validated
	for _, names := range chains {
		named = append(named, names...)
	}
	var found []finding
	for _, e := range app.CheckEngines(cfg) {
		if e.Remote && slices.Contains(named, e.Name) {
			found = append(found, finding{"speech engine " + e.Name, e.Remedy, e.Err, true})
		}
	}
	return found
}

// quoted makes a path one word of a shell.
func quoted(path string) string {
	if strings.ContainsFunc(path, func(r rune) bool { return strings.ContainsRune(" \t'\"$`\\&|;<>()*?[]#~!", r) }) {
		return "'" + strings.ReplaceAll(path, "'", `'\''`) + "'"
	}
	return path
}

// writable tries what the server will do: write into its folder, or make it
// in the nearest one that is there. It leaves nothing behind.
func writable(dir string) error {
	info, err := os.Stat(dir)
	if errors.Is(err, fs.ErrNotExist) && filepath.Dir(dir) != dir {
		return writable(filepath.Dir(dir))
	}
	if err != nil {
		return err
	}
	if !info.IsDir() {
		return fmt.Errorf("%s is not a folder", dir)
	}
	f, err := os.CreateTemp(dir, ".doctor-*")
	if err != nil {
		return err
	}
	return errors.Join(f.Close(), os.Remove(filepath.Clean(f.Name())))
}

func report(c *cobra.Command, found []finding) error {
	w := c.OutOrStdout()
	missing := 0
	for _, f := range found {
		if f.err == nil {
			fmt.Fprintf(w, "ok       %s\n", f.what)
			continue
		}
		word := "missing "
		if f.needed {
			word = "NEEDED  "
			missing++
		}
		why := strings.ReplaceAll(f.err.Error(), "\n", "\n         ")
		fmt.Fprintf(w, "%s %s: %s\n         mend it: %s\n", word, f.what, why, f.remedy)
	}
	if missing > 0 {
		return fmt.Errorf("missing and needed: %s", count(missing, "thing"))
	}
	return nil
}
