package main

import (
	"cmp"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"heed/internal/catalogue"
	"heed/internal/decide"
)

func newCatalogue() *cobra.Command {
	c := &cobra.Command{
		Use: "catalogue", Short: "Check a folder of action files, or write what is in force as one",
		Long:    "Check the files that say what may be suggested to customers, before a server\nreads them, or write what a running server has in force as such files.",
		Example: "  heed catalogue check ./actions\n  heed catalogue export ./actions",
	}
	c.AddCommand(newCatalogueCheck(), newCatalogueExport())
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

func newCatalogueExport() *cobra.Command {
	c := &cobra.Command{
		Use: "export DIR", Short: "Write what is in force as a folder of action files", Args: cobra.ExactArgs(1),
		Long: `Write the actions, levers and policy that a running server has in force, with all
that designers changed, as files that "heed catalogue check" and another server
read. Comments are not kept. DIR is made where it is missing, and must be empty
unless --force is given, which writes over files of the same names.`,
		Example: "  heed catalogue export ./actions && heed catalogue check ./actions",
	}
	at := targetFlags(c)
	force := c.Flags().Bool("force", false, "write over what is there")
	c.RunE = func(c *cobra.Command, args []string) error {
		dir := args[0]
		if there, err := os.ReadDir(dir); err == nil && len(there) > 0 && !*force {
			return misuse("%s is not empty; name another folder, or write over it with --force", dir)
		}
		cl, err := at.client()
		if err != nil {
			return err
		}
		var got catalogue.Files
		if err := cl.Read(c.Context(), "/v1/catalogue/export", &got); err != nil {
			return err
		}
		if err := os.MkdirAll(dir, 0o750); err != nil {
			return err
		}
		for _, name := range slices.Sorted(maps.Keys(got.Files)) {
			path := filepath.Join(dir, filepath.Base(name))
			if err := os.WriteFile(path, []byte(got.Files[name]), 0o600); err != nil {
				return err
			}
			if _, err := fmt.Fprintln(c.OutOrStdout(), path); err != nil {
				return err
			}
		}
		return nil
	}
	return c
}

// checked tells what a folder holds.
func checked(cat *decide.Catalogue) string {
	var p page
	p.line("%d actions, version %s", len(cat.Actions()), cat.Version())
	if n := cat.Declared(); n > 0 {
		p.line("%d traits are declared", n)
	}
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
