package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"heed/internal/client"
	"heed/internal/mount"
)

func newUser() *cobra.Command {
	c := &cobra.Command{
		Use: "user", Short: "Look after the people who use a running server", Args: subcommandOf,
		Example: "  heed user add \"Dana Reyes\" --login dana@example.com --role agent\n  heed user list",
		RunE:    func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(newUserAdd(), newUserList(), newUserSuspend(), newUserRestore(), newUserPassword())
	return c
}

// oneArg takes the one thing that a command is about.
func oneArg(name string) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		if len(args) != 1 || strings.TrimSpace(args[0]) == "" {
			return misuse("give one %s; see \"%s --help\"", name, c.CommandPath())
		}
		return nil
	}
}

func newUserAdd() *cobra.Command {
	c := &cobra.Command{
		Use: "add NAME", Short: "Add a user and print their sign-in link", Args: oneArg("NAME"),
		Long: `Add a user and print a link with which they sign in once, within three days, and
then choose a password or add a passkey. Without --login they choose what to
sign in with themselves.

Roles are admin, agent, designer (of what is offered), marketer, privacy (the
privacy officer), supervisor and viewer.`,
		Example: "  heed user add \"Dana Reyes\" --login dana@example.com --role agent",
	}
	login := c.Flags().String("login", "", "e-mail address or user name to sign in with")
	role := c.Flags().String("role", mount.Agent, "role of the user")
	at := targetFlags(c)
	c.RunE = func(c *cobra.Command, args []string) error {
		if !slices.Contains(mount.Staff(), *role) {
			return misuse("--role %q is none of %s", *role, strings.Join(mount.Staff(), ", "))
		}
		cl, err := at.client()
		if err != nil {
			return err
		}
		u, err := cl.AddUser(c.Context(), args[0], *login, *role)
		if err != nil {
			return err
		}
		link, err := cl.UserLink(c.Context(), u.ID, false)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintln(c.OutOrStdout(), link)
		return err
	}
	return c
}

func newUserList() *cobra.Command {
	c := &cobra.Command{
		Use: "list", Short: "List the users", Args: noArgs,
		Example: "  heed user list\n  heed user list --json",
	}
	asJSON := c.Flags().Bool("json", false, "write JSON in place of a table")
	at := targetFlags(c)
	c.RunE = func(c *cobra.Command, _ []string) error {
		cl, err := at.client()
		if err != nil {
			return err
		}
		all, err := cl.Users(c.Context())
		if err != nil {
			return err
		}
		if *asJSON {
			return json.NewEncoder(c.OutOrStdout()).Encode(all)
		}
		return printUsers(c.OutOrStdout(), all)
	}
	return c
}

func printUsers(out io.Writer, all []client.User) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	_, err := fmt.Fprintln(w, "NAME\tUSER NAME\tROLE\tSIGNS IN BY\tLAST\tID")
	for _, u := range all {
		last := "never"
		if u.SignedIn != nil {
			last = u.SignedIn.UTC().Format(time.DateTime)
		}
		_, line := fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\n", u.Name, orDash(u.Login), u.Role, waysOf(u), last, u.ID)
		err = errors.Join(err, line)
	}
	return errors.Join(err, w.Flush())
}

func waysOf(u client.User) string {
	if u.Suspended != nil {
		return "suspended"
	}
	var ways []string
	for _, way := range []struct {
		name string
		has  bool
	}{{"password", u.Password}, {"passkey", u.Passkeys > 0}, {"provider", u.Provider}} {
		if way.has {
			ways = append(ways, way.name)
		}
	}
	return orDash(strings.Join(ways, ", "))
}

func orDash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}

func newUserSuspend() *cobra.Command {
	return suspension("suspend", "Suspend a user, who is signed out everywhere at once", true, "is suspended")
}

func newUserRestore() *cobra.Command {
	return suspension("restore", "Let a user who was suspended sign in again", false, "may sign in again")
}

func suspension(name, short string, suspended bool, done string) *cobra.Command {
	c := &cobra.Command{
		Use: name + " WHO", Short: short, Args: oneArg("WHO"),
		Long:    "WHO is a user name, an id or a full name, as \"heed user list\" shows them. The last\nadministrator cannot be suspended.",
		Example: "  heed user " + name + " dana@example.com",
	}
	at := targetFlags(c)
	c.RunE = func(c *cobra.Command, args []string) error {
		cl, u, err := at.user(c, args[0])
		if err != nil {
			return err
		}
		if u, err = cl.Suspend(c.Context(), u.ID, suspended); err != nil {
			return err
		}
		_, err = fmt.Fprintf(c.OutOrStdout(), "%s %s\n", u.Name, done)
		return err
	}
	return c
}

func newUserPassword() *cobra.Command {
	c := &cobra.Command{
		Use: "password WHO", Short: "Print a link with which a user sets a new password", Args: oneArg("WHO"),
		Long: `Print a link with which a user signs in once and sets a new password or adds a
passkey. WHO is a user name, an id or a full name. The password and passkeys that
there are go on working unless --reset takes them away, which also signs the user
out everywhere: for a device that was lost.`,
		Example: "  heed user password dana@example.com\n  heed user password dana@example.com --reset",
	}
	reset := c.Flags().Bool("reset", false, "take away the password and passkeys that there are")
	at := targetFlags(c)
	c.RunE = func(c *cobra.Command, args []string) error {
		cl, u, err := at.user(c, args[0])
		if err != nil {
			return err
		}
		link, err := cl.UserLink(c.Context(), u.ID, *reset)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintln(c.OutOrStdout(), link)
		return err
	}
	return c
}

// user finds the user who is meant.
func (t *target) user(c *cobra.Command, who string) (*client.Client, client.User, error) {
	cl, err := t.client()
	if err != nil {
		return nil, client.User{}, err
	}
	u, err := cl.FindUser(c.Context(), who)
	return cl, u, err
}
