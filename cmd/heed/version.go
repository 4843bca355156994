package main

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"

	"heed/internal/app"
)

func newVersion() *cobra.Command {
	c := &cobra.Command{Use: "version", Short: "Print the version", Args: noArgs}
	models := c.Flags().Bool("models", false, "print the versions of the analyzers too, as the settings make them")
	load := settings(c, understanding()...)
	c.RunE = func(c *cobra.Command, _ []string) error {
		_, err := fmt.Fprintf(c.OutOrStdout(), "heed %s%s (%s, %s/%s)\n", version, revision(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
		if err != nil || !*models {
			return err
		}
		cfg, _, err := load()
		if err != nil {
			return err
		}
		versions, err := app.Models(*cfg)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintln(c.OutOrStdout(), strings.Join(versions, "\n"))
		return err
	}
	return c
}

// revision names the commit of a build without a version of its own.
func revision() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || version != "dev" {
		return ""
	}
	commit, changed := "", ""
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision":
			commit = " " + s.Value[:min(12, len(s.Value))]
		case s.Key == "vcs.modified" && s.Value == "true":
			changed = "+changes"
		}
	}
	return commit + changed
}
