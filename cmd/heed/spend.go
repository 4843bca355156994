package main

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"heed/internal/client"
)

func newSpend() *cobra.Command {
	var dry bool
	c := &cobra.Command{
		Use: "spend FILE.csv", Short: "Upload what advertising cost",
		Long: `Upload what campaigns cost to a running server: a CSV with the columns date,
source, campaign, cost and, at wish, currency (UTF-8 or UTF-16; comma, semicolon
or tab). Other columns are named and not used. All of it is kept or nothing, and
wrong rows are named by their lines. Of a day, source and campaign the latest
upload counts: uploading a file again, corrected, is safe.`,
		Example: "  heed spend march.csv --dry-run\n  heed spend march.csv",
	}
	c.Flags().BoolVar(&dry, "dry-run", false, "keep nothing: look whether the CSV makes sense")
	at := targetFlags(c)
	c.Args = func(c *cobra.Command, args []string) error {
		if len(args) != 1 {
			return misuse("want one CSV; see \"%s --help\"", c.CommandPath())
		}
		return nil
	}
	c.RunE = func(c *cobra.Command, args []string) error {
		file, err := os.Open(args[0])
		if err != nil {
			return &usageError{err}
		}
		defer func() { _ = file.Close() }() // read only
		cl, err := at.client()
		if err != nil {
			return err
		}
		s, err := cl.AddSpend(c.Context(), file, dry)
		if refused, ok := errors.AsType[*client.Problem](err); ok && refused.Status == http.StatusUnprocessableEntity {
			return &usageError{fmt.Errorf("%s: %s", args[0], refused.Detail)}
		}
		if err != nil {
			return err
		}
		what := "kept"
		if dry {
			what = "can be kept"
		}
		if len(s.Unknown) > 0 {
			fmt.Fprintf(c.OutOrStdout(), "columns that are not used: %s\n", strings.Join(s.Unknown, ", "))
		}
		_, err = fmt.Fprintf(c.OutOrStdout(), "%d rows %s, %.2f %s in all\n", s.Rows, what, s.Total, s.Money)
		return err
	}
	return c
}
