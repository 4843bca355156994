package main

import (
	"cmp"
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
with its file, line and field, and the exit status is 2. What policy.yaml sets
otherwise than the defaults is printed. No server is needed.`,
		Example: "  heed catalogue check ./actions && heed serve --content-actions ./actions",
	}
	c.RunE = func(c *cobra.Command, args []string) error {
		cat, err := decide.LoadCatalogue(os.DirFS(args[0]))
		if err != nil {
			return misuse("%s: %v", args[0], err)
		}
		_, err = fmt.Fprint(c.OutOrStdout(), checked(cat))
		return err
	}
	return c
}

// checked tells what a folder holds.
func checked(cat *decide.Catalogue) string {
	var p page
	p.line("%d actions, version %s", len(cat.Actions()), cat.Version())
	differ := cat.Differences()
	if len(differ) == 0 {
		p.line("policy %s: the defaults", cat.PolicyVersion())
		return p.String()
	}
	p.line("policy %s, which differs from the defaults:", cat.PolicyVersion())
	p.table("FIELD\tDEFAULT\tSET", len(differ), func(i int) string {
		return differ[i].Field + "\t" + cmp.Or(differ[i].Default, "none") + "\t" + differ[i].Set
	})
	return p.String()
}
