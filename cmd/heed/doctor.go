package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"text/tabwriter"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/spf13/cobra"

	"heed/internal/app"
	"heed/internal/client"
	"heed/internal/config"
	"heed/internal/model"
	"heed/transcribe/pocketsphinx"
	"heed/transcribe/sherpa"
)

func newEngines() *cobra.Command {
	c := &cobra.Command{Use: "engines", Short: "List the speech engines, and which one would be used", Args: noArgs}
	load := settings(c)
	c.RunE = func(c *cobra.Command, _ []string) (err error) {
		cfg, _, err := load()
		if err != nil {
			return err
		}
		log := newLogger(config.Log{Level: "error"})
		chosen, err := app.FindEngine(c.Context(), *cfg, log, prometheus.NewRegistry())
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, chosen.Close()) }()
		w := tabwriter.NewWriter(c.OutOrStdout(), 0, 8, 2, ' ', 0)
		fmt.Fprintln(w, "\tENGINE\tSTATE\tNOTE")
		for _, e := range checkEngines(*cfg) {
			mark := " "
			if e.name == chosen.Info.Name {
				mark = "*"
			}
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", mark, e.name, e.state(), e.note)
		}
		fmt.Fprintln(w, "\nThe engine marked * is in use with the present settings (--speech-engine).")
		return w.Flush()
	}
	return c
}

type engineCheck struct {
	name, note, remedy string
	err                error
}

func (e engineCheck) state() string {
	if e.err == nil {
		return "available"
	}
	return "not available"
}

func checkEngines(cfg config.Config) []engineCheck {
	return []engineCheck{
		{
			name: "sherpa", note: "sherpa-onnx in a process of its own; the default",
			err: sherpaCheck(cfg), remedy: "heed model pull; go mod download " + model.RuntimeModule,
		},
		{
			name: "pocketsphinx", note: "last resort: about one word in two is wrong on the telephone",
			err: pocketsphinx.Find(), remedy: "apt-get install pocketsphinx pocketsphinx-en-us",
		},
	}
}

func sherpaCheck(cfg config.Config) error {
	m, err := model.Find(app.ModelDirs(cfg), model.SmallEnglish)
	if err != nil {
		return err
	}
	runtime, err := model.FindRuntime(app.RuntimeDirs(cfg))
	if err != nil {
		return err
	}
	return sherpa.Available(runtime, m.Dir)
}

// finding is one line of the doctor's report.
type finding struct {
	what, remedy string
	err          error
	needed       bool
}

func newDoctor() *cobra.Command {
	c := &cobra.Command{
		Use: "doctor", Short: "Say what is missing, and the command that mends it", Args: noArgs,
		Long: "Check what Heed needs on this machine. The exit status is 1 when something needed is missing.",
	}
	live := c.Flags().Bool("live", false, "only ask the server that uses the data folder whether it answers")
	load := settings(c)
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
	_, modelErr := model.Find(app.ModelDirs(cfg), model.SmallEnglish)
	_, runtimeErr := model.FindRuntime(app.RuntimeDirs(cfg))
	found := []finding{
		{"data folder " + cfg.Data, "mkdir -p " + cfg.Data + " && chmod u+rwx " + cfg.Data, writable(cfg.Data), true},
		{"speech model " + model.SmallEnglish, "heed model pull --data " + cfg.Data, modelErr, false},
		{"speech runtime", "go mod download " + model.RuntimeModule, runtimeErr, false},
		{"pocketsphinx (last resort)", "apt-get install pocketsphinx pocketsphinx-en-us", pocketsphinx.Find(), false},
	}
	if modelErr != nil || runtimeErr != nil {
		_, err := exec.LookPath("pocketsphinx_continuous")
		found[3].needed = err != nil
	}
	if cfg.Twilio.AuthToken == "" {
		found = append(found, finding{"Twilio's auth token", "set HEED_TWILIO_AUTH_TOKEN to the account's token", errors.New("not set: the door refuses Twilio"), false})
	}
	return found
}

// writable tries what the server will do in its folder.
func writable(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
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
		fmt.Fprintf(w, "%s %s: %v\n         mend it: %s\n", word, f.what, f.err, f.remedy)
	}
	if missing > 0 {
		return fmt.Errorf("%d things that are needed are missing", missing)
	}
	return nil
}
