package main

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"heed/internal/decide"
)

func newCatalogue() *cobra.Command {
	c := &cobra.Command{
		Use: "catalogue", Short: "Check a folder of action files",
		Long:    "Check the files that say what may be suggested to customers, before a server\nreads them.",
		Example: "  heed catalogue check ./actions",
	}
	c.AddCommand(newCatalogueCheck())
	return c
}

func newCatalogueCheck() *cobra.Command {
	c := &cobra.Command{
		Use: "check DIR", Short: "Say whether a folder of action files is right", Args: cobra.ExactArgs(1),
		Long: `Read a folder of action files as the server does at its start: every rule is
compiled and the cases beside it are run. The first thing that is wrong is named
with its file, line and field, and the exit status is 2. No server is needed.`,
		Example: "  heed catalogue check ./actions && heed serve --content-actions ./actions",
	}
	c.RunE = func(c *cobra.Command, args []string) error {
		cat, err := decide.LoadCatalogue(os.DirFS(args[0]))
		if err != nil {
			return misuse("%s: %v", args[0], err)
		}
		_, err = fmt.Fprintf(c.OutOrStdout(), "%d actions, version %s\n", len(cat.Actions()), cat.Version())
		return err
	}
	return c
}
