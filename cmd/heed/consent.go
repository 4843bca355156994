package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"
)

// errNotAsWritten says that a ledger is not the one that was written.
var errNotAsWritten = errors.New("the ledgers are not as they were written; compare with a backup")

func newConsent() *cobra.Command {
	c := &cobra.Command{
		Use: "consent", Short: "Look after the ledgers of consent", Args: subcommandOf,
		Example: "  heed consent verify",
		RunE:    func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(newConsentVerify())
	return c
}

func newConsentVerify() *cobra.Command {
	c := &cobra.Command{
		Use: "verify", Short: "Check that no row was changed, removed or put in", Args: noArgs,
		Long: `Read the ledgers of all customers and the sums that the server signs each day,
and say what does not fit. The exit status is 1 when anything does not.

Compare the key with the one that was printed when all was well: who can change
the ledgers and has the key could have signed them anew.`,
		Example: "  heed consent verify --data /var/lib/heed",
	}
	at := targetFlags(c)
	c.RunE = func(c *cobra.Command, _ []string) error {
		cl, err := at.client()
		if err != nil {
			return err
		}
		a, err := cl.VerifyConsent(c.Context())
		if err != nil {
			return err
		}
		out := c.OutOrStdout()
		for _, p := range a.Problems {
			if _, err := fmt.Fprintln(out, p); err != nil {
				return err
			}
		}
		if len(a.Problems) > 0 {
			return errNotAsWritten
		}
		_, err = fmt.Fprintf(out, "%d rows of %d ledgers and %d signed days are as they were written\n%d ledgers are of erased customers\nkey %s\n",
			a.Rows, a.Ledgers, a.Days, a.Erased, a.Key)
		return err
	}
	return c
}
