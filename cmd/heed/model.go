package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"text/tabwriter"
	"time"

	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"
	"golang.org/x/term"

	"heed/internal/app"
	"heed/internal/config"
	"heed/internal/model"
	"heed/internal/play"
)

func newModel() *cobra.Command {
	c := &cobra.Command{Use: "model", Short: "List and fetch speech models"}
	c.AddCommand(newModelList(), newModelPull())
	c.RunE = func(c *cobra.Command, args []string) error {
		if len(args) > 0 {
			return misuse("unknown command %q; see \"heed model --help\"", args[0])
		}
		return c.Help()
	}
	return c
}

func newModelList() *cobra.Command {
	c := &cobra.Command{Use: "list", Short: "List the models, and which are here", Args: noArgs}
	load := settings(c)
	c.RunE = func(c *cobra.Command, _ []string) error {
		cfg, _, err := load()
		if err != nil {
			return err
		}
		w := tabwriter.NewWriter(c.OutOrStdout(), 0, 8, 2, ' ', 0)
		fmt.Fprintln(w, "NAME\tLANGUAGE\tDOWNLOAD\tLICENCE\tWHERE\tQUALITY")
		for _, m := range model.List(app.ModelDirs(*cfg)) {
			where := m.Dir
			switch {
			case m.Problem != "":
				where = "broken: " + m.Problem
			case where == "":
				where = "not here: heed model pull " + m.Name
			}
			fmt.Fprintf(w, "%s\t%s\t%d MB\t%s\t%s\t%s\n", m.Name, m.Language, m.Bytes>>20, m.Licence, where, m.Quality)
		}
		return w.Flush()
	}
	return c
}

func newModelPull() *cobra.Command {
	c := &cobra.Command{
		Use: "pull [NAME]", Short: "Download a model, check it, and put it into the data folder",
		Example: "  heed model pull\n  heed model pull small-en --data /var/lib/heed",
	}
	load := settings(c)
	into := c.Flags().String("into", "", "folder to put the model in (default: DATA/models)")
	c.Args = func(_ *cobra.Command, args []string) error {
		if len(args) > 1 {
			return misuse("want one model; \"heed model list\" shows the names")
		}
		return nil
	}
	c.RunE = func(c *cobra.Command, args []string) error {
		cfg, _, err := load()
		if err != nil {
			return err
		}
		name := model.SmallEnglish
		if len(args) == 1 {
			name = args[0]
		}
		dir := *into
		if dir == "" {
			dir = filepath.Join(cfg.Data, "models")
		}
		if err := model.Pull(c.Context(), name, dir, downloadBar("model "+name)); err != nil {
			return err
		}
		_, err = fmt.Fprintf(c.OutOrStdout(), "model %s is in %s\n", name, dir)
		return err
	}
	return c
}

// fetchModel downloads the default model when "auto" is asked for and none is
// there. A failure is said and not fatal: another engine is tried.
func fetchModel(ctx context.Context, cfg config.Config, log *slog.Logger) {
	if cfg.Speech.Engine != "auto" {
		return
	}
	if _, err := model.Find(app.ModelDirs(cfg), model.SmallEnglish); err == nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, 10*time.Minute)
	defer cancel()
	log.Info("no speech model is here; downloading the default one", "model", model.SmallEnglish)
	err := model.Pull(ctx, model.SmallEnglish, filepath.Join(cfg.Data, "models"), downloadBar("model "+model.SmallEnglish))
	if err != nil {
		log.Warn("the speech model could not be downloaded", "error", err)
	}
}

// downloadBar shows progress on standard error when somebody looks at it.
func downloadBar(what string) func(done, total int64) {
	if !term.IsTerminal(int(os.Stderr.Fd())) {
		return nil
	}
	var bar *progressbar.ProgressBar
	return func(done, total int64) {
		if bar == nil {
			bar = progressbar.DefaultBytes(total, what)
		}
		_ = bar.Set64(done) // a bar that cannot be drawn is no reason to stop
	}
}

// progress shows how much of a call was played; nil when nobody looks.
func progress(quiet bool) func(play.Progress) {
	if quiet || !term.IsTerminal(int(os.Stderr.Fd())) {
		return nil
	}
	var bar *progressbar.ProgressBar
	return func(p play.Progress) {
		if bar == nil {
			bar = progressbar.NewOptions64(p.Total.Milliseconds(), progressbar.OptionSetWriter(os.Stderr),
				progressbar.OptionSetDescription("playing"), progressbar.OptionClearOnFinish())
		}
		_ = bar.Set64(p.At.Milliseconds()) // as above
	}
}
