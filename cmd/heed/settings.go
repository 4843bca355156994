package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"slices"
	"text/tabwriter"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"heed/internal/client"
	"heed/internal/config"
)

// settings declares flags for the named settings on a command, for all of
// them when none is named, and gives the function that fills in every
// setting: the environment and the file may hold those without a flag too.
func settings(c *cobra.Command, names ...string) func() (*config.Config, []config.Setting, error) {
	all := pflag.NewFlagSet("settings", pflag.ContinueOnError)
	cfg := config.Bind(all)
	all.VisitAll(func(f *pflag.Flag) {
		if len(names) == 0 || slices.Contains(names, f.Name) {
			c.Flags().AddFlag(f)
		}
	})
	path := c.Flags().String("config", "", "YAML file with settings (default: HEED_CONFIG)")
	return func() (*config.Config, []config.Setting, error) {
		set, err := config.Load(all, cfg, cmp.Or(*path, os.Getenv("HEED_CONFIG")), os.Getenv)
		if err != nil {
			return nil, nil, &usageError{err}
		}
		return cfg, set, nil
	}
}

// hearing names the settings of the commands that need a speech engine.
func hearing() []string {
	return []string{
		"data", "models", "runtime", "speech-engine", "speech-languages", "speech-model", "speech-second-pass", "content-phrases",
		"log-level", "log-format",
	}
}

// understanding names the settings that change what is understood.
func understanding() []string {
	return []string{"calls-region", "content-intents", "content-themes", "content-products", "sentiment-default", "sentiment-except"}
}

// quietly keeps the log of a command that is not a server to what matters,
// unless somebody asked for more.
func quietly(l config.Log, set []config.Setting) config.Log {
	asked := slices.ContainsFunc(set, func(s config.Setting) bool { return s.Name == "log-level" && s.Origin != "default" })
	if !asked {
		l.Level = "warn"
	}
	return l
}

// target is the running server that a command talks to.
type target struct {
	to, key string
	load    func() (*config.Config, []config.Setting, error)
}

// targetFlags declares how a command finds its server, and more settings.
func targetFlags(c *cobra.Command, more ...string) *target {
	t := &target{load: settings(c, append(more, "data")...)}
	c.Flags().StringVar(&t.to, "to", "", "address of the server (default: the one in the data folder, else "+client.DefaultServer+")")
	// The key in the environment is no default of the flag: help would show it.
	c.Flags().StringVar(&t.key, "key", "", "API key of the server (default: HEED_KEY, else the one in the data folder)")
	return t
}

// client gives a client of the server.
func (t *target) client() (*client.Client, error) {
	cfg, _, err := t.load()
	if err != nil {
		return nil, err
	}
	server := client.FindServer(t.to, cfg.Data)
	given := cmp.Or(t.key, os.Getenv("HEED_KEY"))
	if given == "" && !client.Local(server) {
		return nil, misuse("the key in the data folder is for this machine's server only: give --key or HEED_KEY for %s", server)
	}
	key, err := client.FindKey(given, cfg.Data)
	if err != nil {
		return nil, err
	}
	cl, err := client.New(server, key)
	if errors.Is(err, client.ErrAddress) {
		return nil, &usageError{err}
	}
	return cl, err
}

func newConfig() *cobra.Command {
	c := &cobra.Command{
		Use: "config", Short: "Show the settings in force and where each came from", Args: noArgs,
		Long: `Show every setting of "heed serve" as it would be in force now: its name, its
value and where that came from (flag, environment, file and line, or default).
Secrets are not shown. A file with a key that no setting has is refused.

In the file a setting such as calls-max is written as "calls-max: 50" or as
"calls:" with "max: 50" below it.`,
		Example: "  heed config --config heed.yaml\n  HEED_LISTEN=:9000 heed config",
	}
	load := settings(c)
	c.RunE = func(c *cobra.Command, _ []string) error {
		_, set, err := load()
		if err != nil {
			return err
		}
		w := tabwriter.NewWriter(c.OutOrStdout(), 0, 8, 2, ' ', 0)
		for _, s := range set {
			if _, err := fmt.Fprintf(w, "%s\t%s\t%s\n", s.Name, s.Value, s.Origin); err != nil {
				return err
			}
		}
		return w.Flush()
	}
	return c
}

// newLogger writes as the settings say.
func newLogger(w io.Writer, l config.Log) *slog.Logger {
	var level slog.Level
	if err := level.UnmarshalText([]byte(l.Level)); err != nil {
		level = slog.LevelInfo
	}
	o := &slog.HandlerOptions{Level: level}
	if l.Format == "json" {
		return slog.New(slog.NewJSONHandler(w, o))
	}
	return slog.New(slog.NewTextHandler(w, o))
}
