package main

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"heed/internal/client"
)

func newDNC() *cobra.Command {
	c := &cobra.Command{
		Use:   "dnc",
		Short: "Import do-not-call lists",
		Long: `Import lists of numbers that must not be called or texted for marketing into a
running server. Numbers are kept as keyed hashes: a list cannot be read back.`,
		Example: "  heed dnc import registry.csv --list us --national --source \"FTC, 2026\"",
		Args:    subcommandOf,
		RunE:    func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(newDNCImport())
	return c
}

func newDNCImport() *cobra.Command {
	c := &cobra.Command{
		Use: "import FILE", Short: "Import a list, one number a line",
		Long: `Import a list with one number a line; further columns after a comma or a tab
are passed over, and "212,5550123" is one number, as in the American registry's
files. Without --add the file is the whole list: numbers that it does not name
are taken off. Lines without a number are counted and told. It may be broken off
and done again.`,
		Example: "  heed dnc import registry.csv --list us --national --source \"FTC, 2026\"\n  heed dnc import more.txt --list partner --add --source \"partner's file\"",
	}
	list := c.Flags().String("list", "", "name of the list: small letters, digits, dots and dashes")
	national := c.Flags().Bool("national", false, "it is an authority's list: who agreed in writing may be called all the same")
	source := c.Flags().String("source", "", "where the list comes from and of when")
	add := c.Flags().Bool("add", false, "add to the list and take nothing off")
	at := targetFlags(c)
	c.Args = func(c *cobra.Command, args []string) error {
		if len(args) != 1 {
			return misuse("want one file; see \"%s --help\"", c.CommandPath())
		}
		return nil
	}
	c.RunE = func(c *cobra.Command, args []string) error {
		if *list == "" || *source == "" {
			return misuse("--list and --source are needed")
		}
		cl, err := at.client()
		if err != nil {
			return err
		}
		f, err := os.Open(args[0])
		if err != nil {
			return &usageError{fmt.Errorf("read the list: %w", err)}
		}
		defer func() { _ = f.Close() }() // read only
		sum, err := cl.ImportNumbers(c.Context(), f, client.NumberList{Name: *list, Source: *source, National: *national, Whole: !*add})
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(c.OutOrStdout(), "%d numbers on the list, %d taken off, %d lines without a number\n", sum.Numbers, sum.Removed, sum.Bad)
		return err
	}
	return c
}
