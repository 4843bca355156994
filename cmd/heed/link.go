package main

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"heed/internal/client"
)

func newLink() *cobra.Command {
	var to, data, key string
	c := &cobra.Command{
		Use: "link", Short: "Print a one-time sign-in link of a running server", Args: noArgs,
		Example: "  heed link --data /var/lib/heed",
	}
	c.Flags().StringVar(&to, "to", "", "address of the server (default: the one in the data folder)")
	c.Flags().StringVar(&data, "data", envOr("HEED_DATA", "data"), "the server's data folder, for its key and address")
	c.Flags().StringVar(&key, "key", os.Getenv("HEED_KEY"), "API key of role admin")
	c.RunE = func(c *cobra.Command, _ []string) error {
		k, err := client.FindKey(key, data)
		if err != nil {
			return err
		}
		cl, err := client.New(client.FindServer(to, data), k)
		if err != nil {
			return &usageError{err}
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
