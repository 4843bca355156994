package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"path/filepath"
	"slices"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"heed/internal/app"
	"heed/internal/config"
	"heed/internal/model"
	"heed/transcribe"
)

func newModel() *cobra.Command {
	c := &cobra.Command{
		Use: "model", Short: "List, fetch and choose speech models",
		Long: `List, fetch and choose speech models of the embedded engine. They are looked for
in the folders of --models (HEED_MODELS) first and in DATA/models then. "heed
serve" and "heed transcribe" fetch the default model themselves when none is
there.`,
		Example: "  heed model list\n  heed model pull giga-en --data /var/lib/heed\n  heed model use giga-en --data /var/lib/heed",
		Args:    subcommandOf,
		RunE:    func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(newModelList(), newModelPull(), newModelUse())
	return c
}

func newModelList() *cobra.Command {
	c := &cobra.Command{
		Use: "list", Short: "List the models, which are here and which are in use", Args: noArgs,
		Long: `List the models that can be had, with their size, licence, SHA-256 and how well
they hear, and who measured that. A star marks the one in use for its language.`,
		Example: "  heed model list --models /srv/models\n  heed model list --json",
	}
	asJSON := c.Flags().Bool("json", false, "print JSON")
	load := settings(c, "data", "models", "speech-model")
	c.RunE = func(c *cobra.Command, _ []string) error {
		cfg, _, err := load()
		if err != nil {
			return err
		}
		inUse, err := app.ModelsInUse(*cfg)
		if err != nil {
			return err
		}
		list := model.List(app.ModelDirs(*cfg))
		if *asJSON {
			return printModels(c.OutOrStdout(), list, inUse)
		}
		return tableOfModels(c.OutOrStdout(), list, inUse)
	}
	return c
}

// listed is a model as JSON shows it.
type listed struct {
	model.Status
	InUse bool `json:"in_use"`
}

func used(m model.Status, inUse map[string]string) bool {
	return inUse[transcribe.BaseLanguage(m.Language)] == m.Name
}

func printModels(w io.Writer, list []model.Status, inUse map[string]string) error {
	out := make([]listed, len(list))
	for i, m := range list {
		out[i] = listed{m, used(m, inUse)}
	}
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(out)
}

func tableOfModels(out io.Writer, list []model.Status, inUse map[string]string) error {
	w := tabwriter.NewWriter(out, 0, 8, 2, ' ', 0)
	fmt.Fprintln(w, "\tNAME\tLANGUAGE\tDOWNLOAD\tWHERE")
	for _, m := range list {
		mark, where := " ", m.Dir
		if used(m, inUse) {
			mark = "*"
		}
		switch {
		case m.Problem != "":
			where = "broken: " + m.Problem
		case where == "":
			where = "not here: heed model pull " + m.Name
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%d MB\t%s\n", mark, m.Name, m.Language, m.Bytes>>20, where)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	for _, m := range list {
		fmt.Fprintf(out, "\n%s: %s\n  licence   %s\n  hears     %s\n  sha-256   %s\n  from      %s\n",
			m.Name, m.Title, m.Licence, cmp.Or(m.Quality, "not measured"), m.SHA256, m.Source)
	}
	_, err := fmt.Fprintln(out, "\nThe model marked * is in use for its language; \"heed model use NAME\" chooses another.")
	return err
}

func newModelPull() *cobra.Command {
	var own model.Entry
	c := &cobra.Command{
		Use: "pull [NAME]", Short: "Download a model, check it, and put it into the data folder",
		Long: `Download a model (default: small-en), check it against its SHA-256 and unpack it
into DATA/models, or into the folder of --into. A download that broke off goes
on where it was. A model that is there already is left alone.

A model that the list does not have is described with --from, --sha256, --bytes
and --language: a .tar.bz2 archive with encoder, decoder, joiner and tokens of a
streaming transducer that sherpa-onnx 1.10 opens. Try it with "heed compare"
before you use it.`,
		Example: `  heed model pull
  heed model pull giga-en --data /var/lib/heed
  heed model pull my-german --language de --bytes 57000000 --sha256 SUM \
    --from https://example.com/model.tar.bz2`,
	}
	load := settings(c, "data")
	into := c.Flags().String("into", "", "folder to put the model in (default: DATA/models)")
	c.Flags().StringVar(&own.Source, "from", "", "address of an archive that the list does not have")
	c.Flags().StringVar(&own.SHA256, "sha256", "", "the archive's SHA-256")
	c.Flags().Int64Var(&own.Bytes, "bytes", 0, "the archive's size")
	c.Flags().StringVar(&own.Language, "language", "", "the model's language, such as de")
	c.Flags().StringVar(&own.Licence, "licence", "not stated", "the model's licence, for the list")
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
		own.Name = model.SmallEnglish
		if len(args) == 1 {
			own.Name = args[0]
		}
		return pullModel(c, own, cmp.Or(*into, filepath.Join(cfg.Data, "models")))
	}
	return c
}

func pullModel(c *cobra.Command, e model.Entry, dir string) error {
	t := newTerminal(c.OutOrStdout(), c.ErrOrStderr())
	defer t.done()
	var err error
	if e.Source == "" {
		err = model.Pull(c.Context(), e.Name, dir, t.download("model "+e.Name))
	} else {
		e.Title = "your own"
		err = model.Puller{}.PullOwn(c.Context(), e, dir, t.download("model "+e.Name))
	}
	switch {
	case errors.Is(err, model.ErrUnknown):
		return misuse("%w; \"heed model list\" shows the names, and --from fetches another", err)
	case errors.Is(err, model.ErrDescription):
		return &usageError{err}
	case err != nil:
		return err
	}
	t.printf("model %s is in %s\n", e.Name, dir)
	return nil
}

func newModelUse() *cobra.Command {
	c := &cobra.Command{
		Use: "use NAME", Short: "Choose the model for its language",
		Long: `Make a model that is here the one that hears calls in its language. The choice is
noted in DATA/models; a running server takes it at its next start.`,
		Example: "  heed model use giga-en --data /var/lib/heed",
	}
	load := settings(c, "data", "models")
	c.Args = func(c *cobra.Command, args []string) error {
		if len(args) != 1 {
			return misuse("want one model; \"heed model list\" shows the names")
		}
		return nil
	}
	c.RunE = func(c *cobra.Command, args []string) error {
		cfg, _, err := load()
		if err != nil {
			return err
		}
		language, err := model.Use(app.ModelDirs(*cfg), args[0], filepath.Join(cfg.Data, "models"))
		switch {
		case errors.Is(err, model.ErrUnknown):
			return misuse("%w; \"heed model list\" shows the names", err)
		case errors.Is(err, model.ErrNotInstalled):
			return misuse("%w; \"heed model pull %s\" fetches it", err, args[0])
		case err != nil:
			return err
		}
		_, err = fmt.Fprintf(c.OutOrStdout(), "%s hears %s from the next start on\n", args[0], language)
		return err
	}
	return c
}

// fetchModel downloads the default model when "auto" is asked for and the
// model in use is not there. A failure is said and not fatal: another engine is tried.
func fetchModel(ctx context.Context, cfg config.Config, log *slog.Logger, t *terminal) {
	inUse, err := app.ModelsInUse(cfg)
	if err != nil || !slices.Contains(cfg.Speech.Engine, "auto") || inUse["en"] != model.SmallEnglish {
		return
	}
	if _, err := model.Find(app.ModelDirs(cfg), model.SmallEnglish); err == nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, 10*time.Minute)
	defer cancel()
	defer t.done()
	log.Info("no speech model is here; downloading the default one", "model", model.SmallEnglish)
	err = model.Pull(ctx, model.SmallEnglish, filepath.Join(cfg.Data, "models"), t.download("model "+model.SmallEnglish))
	if err != nil {
		log.Warn("the speech model could not be downloaded", "error", err)
	}
}
