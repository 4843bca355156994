package main

import (
	"github.com/spf13/cobra"

	"heed/insights/redact"
)

func newPolicy() *cobra.Command {
	c := &cobra.Command{
		Use: "policy", Short: "Print what is removed from calls, as a file to start from", Args: noArgs,
		Long: `Print the built-in policy of what is removed from transcripts and recordings, as
a YAML file with comments. Change a copy of it and name that with redact-policy;
"heed doctor" says whether the file is right.

With --strict it is the policy that removes everything that tells who somebody
is, names and addresses too.`,
		Example: "  heed policy > policy.yaml\n  heed serve --redact-policy policy.yaml",
	}
	strict := c.Flags().Bool("strict", false, "the policy that keeps nothing that tells who somebody is")
	c.RunE = func(c *cobra.Command, _ []string) error {
		file := redact.DefaultFile()
		if *strict {
			file = redact.StrictFile()
		}
		_, err := c.OutOrStdout().Write(file)
		return err
	}
	return c
}
