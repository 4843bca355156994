package main

import (
	"fmt"
	"log/slog"
	"os"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"heed/internal/config"
)

// settings declares the flags of every setting on a command and gives the
// function that fills them.
func settings(c *cobra.Command) func() (*config.Config, []config.Setting, error) {
	cfg := config.Bind(c.Flags())
	path := c.Flags().String("config", os.Getenv("HEED_CONFIG"), "YAML file with settings")
	return func() (*config.Config, []config.Setting, error) {
		set, err := config.Load(c.Flags(), cfg, *path, os.Getenv)
		if err != nil {
			return nil, nil, &usageError{err}
		}
		return cfg, set, nil
	}
}

func newConfig() *cobra.Command {
	c := &cobra.Command{
		Use: "config", Short: "Show the settings in force and where each came from", Args: noArgs,
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

// newLogger writes to standard error as the settings say.
func newLogger(l config.Log) *slog.Logger {
	var level slog.Level
	if err := level.UnmarshalText([]byte(l.Level)); err != nil {
		level = slog.LevelInfo
	}
	o := &slog.HandlerOptions{Level: level}
	if l.Format == "json" {
		return slog.New(slog.NewJSONHandler(os.Stderr, o))
	}
	return slog.New(slog.NewTextHandler(os.Stderr, o))
}
