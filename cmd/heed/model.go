package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"heed/internal/app"
	"heed/internal/config"
	"heed/internal/model"
)

func newModel() *cobra.Command {
	c := &cobra.Command{
		Use: "model", Short: "List and fetch speech models",
		Long: `List and fetch speech models. They are looked for in the folders of --models
(HEED_MODELS) first and in DATA/models then. "heed serve" and "heed transcribe"
fetch the default model themselves when none is there.`,
		Example: "  heed model list\n  heed model pull --data /var/lib/heed",
		Args:    subcommandOf,
		RunE:    func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(newModelList(), newModelPull())
	return c
}

func newModelList() *cobra.Command {
	c := &cobra.Command{
		Use: "list", Short: "List the models, and which are here", Args: noArgs,
		Example: "  heed model list --models /srv/models",
	}
	load := settings(c, "data", "models")
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
		Long: `Download a model (default: small-en), check it against its SHA-256 and unpack it
into DATA/models, or into the folder of --into. A download that broke off goes
on where it was. A model that is there already is left alone.`,
		Example: "  heed model pull\n  heed model pull small-en --data /var/lib/heed",
	}
	load := settings(c, "data")
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
		t := newTerminal(c.OutOrStdout(), c.ErrOrStderr())
		defer t.done()
		err = model.Pull(c.Context(), name, dir, t.download("model "+name))
		if errors.Is(err, model.ErrUnknown) {
			return misuse("%w; \"heed model list\" shows the names", err)
		}
		if err != nil {
			return err
		}
		t.printf("model %s is in %s\n", name, dir)
		return nil
	}
	return c
}

// fetchModel downloads the default model when "auto" is asked for and none is
// there. A failure is said and not fatal: another engine is tried.
func fetchModel(ctx context.Context, cfg config.Config, log *slog.Logger, t *terminal) {
	if cfg.Speech.Engine != "auto" {
		return
	}
	if _, err := model.Find(app.ModelDirs(cfg), model.SmallEnglish); err == nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, 10*time.Minute)
	defer cancel()
	defer t.done()
	log.Info("no speech model is here; downloading the default one", "model", model.SmallEnglish)
	err := model.Pull(ctx, model.SmallEnglish, filepath.Join(cfg.Data, "models"), t.download("model "+model.SmallEnglish))
	if err != nil {
		log.Warn("the speech model could not be downloaded", "error", err)
	}
}
