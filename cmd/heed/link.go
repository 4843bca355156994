package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"heed/internal/mount"
)

func newLink() *cobra.Command {
	c := &cobra.Command{
		Use: "link", Short: "Print a one-time sign-in link of a running server", Args: noArgs,
		Long: `Print a link with which a browser signs in, once, within a day: as the
administrator, or as somebody of another role, who is made when there is
nobody of that role and name. The key must have the role admin, as the one in
the data folder has.

Roles are admin, agent, designer (of what is offered), marketer, privacy (the
privacy officer), supervisor and viewer.`,
		Example: "  heed link --data /var/lib/heed\n  heed link --role privacy --name \"Dana Reyes\"",
	}
	role := c.Flags().String("role", "admin", "role of whom the link is for")
	name := c.Flags().String("name", "", "name of whom the link is for; empty is the first of the role")
	at := targetFlags(c)
	c.RunE = func(c *cobra.Command, _ []string) error {
		if !slices.Contains(mount.Staff(), *role) {
			return misuse("--role %q is none of %s", *role, strings.Join(mount.Staff(), ", "))
		}
		cl, err := at.client()
		if err != nil {
			return err
		}
		link, err := cl.Link(c.Context(), *role, *name)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintln(c.OutOrStdout(), link)
		return err
	}
	return c
}
