package main

import (
	"bufio"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
)

func newErase() *cobra.Command {
	c := &cobra.Command{
		Use: "erase CUSTOMER", Short: "Forget a customer for good",
		Long: `Have a running server forget a customer: their key is destroyed, and calls,
recordings, profile, consent, index entries and identifiers with it. It cannot
be undone. The certificate is printed; it is kept, see /v1/erasures.`,
		Example: "  heed erase 0193b1c2-7d1e-7c44-9a52-0a1b2c3d4e5f",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return misuse("name one customer by id")
			}
			return nil
		},
	}
	yes := c.Flags().Bool("yes", false, "do not ask")
	at := targetFlags(c)
	c.RunE = func(c *cobra.Command, args []string) error {
		cl, err := at.client()
		if err != nil {
			return err
		}
		if !*yes {
			fmt.Fprintf(c.ErrOrStderr(), "Forget customer %s for good? Type erase to go on: ", args[0])
			answer, _ := bufio.NewReader(c.InOrStdin()).ReadString('\n')
			if strings.TrimSpace(answer) != "erase" {
				return misuse("nothing was erased")
			}
		}
		text, err := cl.Erase(c.Context(), args[0])
		if err != nil {
			return err
		}
		fmt.Fprint(c.OutOrStdout(), text)
		return nil
	}
	return c
}
