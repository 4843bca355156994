package main

import (
	"fmt"

	"github.com/spf13/cobra"
)

func newLink() *cobra.Command {
	c := &cobra.Command{
		Use: "link", Short: "Print a one-time sign-in link of a running server", Args: noArgs,
		Long: `Print a link with which a browser signs in as the administrator, once, within
a day. The key must have the role admin, as the one in the data folder has.`,
		Example: "  heed link --data /var/lib/heed",
	}
	at := targetFlags(c)
	c.RunE = func(c *cobra.Command, _ []string) error {
		cl, err := at.client()
		if err != nil {
			return err
		}
		link, err := cl.Link(c.Context())
		if err != nil {
			return err
		}
		_, err = fmt.Fprintln(c.OutOrStdout(), link)
		return err
	}
	return c
}
