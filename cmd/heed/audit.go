package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"
)

// errAuditChanged says that the audit is not the one that was written.
var errAuditChanged = errors.New("the audit of reads is not as it was written; compare with a backup")

func newAudit() *cobra.Command {
	c := &cobra.Command{
		Use: "audit", Short: "Look after the audit of who read what", Args: subcommandOf,
		Example: "  heed audit verify",
		RunE:    func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(newAuditVerify())
	return c
}

func newAuditVerify() *cobra.Command {
	c := &cobra.Command{
		Use: "verify", Short: "Check that no row was changed, removed or put in", Args: noArgs,
		Long: `Read the whole audit of who read which call, and say where it is not as it was
written. The exit status is 1 when it is not.

Keep the head that is printed somewhere else: a later audit that does not hold
it had its end cut off. Rows of the last minutes are not sealed yet.`,
		Example: "  heed audit verify --data /var/lib/heed",
	}
	at := targetFlags(c)
	c.RunE = func(c *cobra.Command, _ []string) error {
		cl, err := at.client()
		if err != nil {
			return err
		}
		a, err := cl.VerifyAudit(c.Context())
		if err != nil {
			return err
		}
		if a.Bad != 0 {
			return fmt.Errorf("row %d: %w", a.Bad, errAuditChanged)
		}
		_, err = fmt.Fprintf(c.OutOrStdout(), "%d rows are as they were written, %d are not sealed yet\nhead %s\n", a.Rows, a.Open, a.Head)
		return err
	}
	return c
}
