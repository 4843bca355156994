package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"heed/internal/app"
	"heed/internal/store"
)

func newKeys() *cobra.Command {
	c := &cobra.Command{
		Use: "keys", Short: "Look after the master key", Args: subcommandOf,
		Example: "  heed keys rotate --data /var/lib/heed",
		RunE:    func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(newKeysRotate())
	return c
}

func newKeysRotate() *cobra.Command {
	c := &cobra.Command{
		Use: "rotate", Short: "Replace the master key", Args: noArgs,
		Long: `Wrap the keys of all people with a new master key. No server may use the data
folder meanwhile. It can be broken off and begun again.

A key in a file (master-key-file, or DATA/keys/master.key) is made and replaced
in that file. A key in the environment is not: put the new one in front of the
old one in HEED_MASTER_KEY, with a comma between, run this, and take the old one
out.`,
		Example: "  heed keys rotate --data /var/lib/heed",
	}
	load := settings(c, "data", "master-key-file")
	c.RunE = func(c *cobra.Command, _ []string) error {
		cfg, _, err := load()
		if err != nil {
			return err
		}
		n, err := store.Rotate(c.Context(), cfg.Data, app.MasterKey(*cfg))
		if err != nil {
			return err
		}
		fmt.Fprintf(c.OutOrStdout(), "%d keys are wrapped with the new master key\n", n)
		return nil
	}
	return c
}
