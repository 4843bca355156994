package main

import (
	"os"

	"github.com/spf13/cobra"

	"heed/transcribe/sherpa"
)

// newWorker is the process in which the speech runtime runs. The server
// starts it; people do not.
func newWorker() *cobra.Command {
	return &cobra.Command{
		Use: "stt-worker", Short: "Run the speech worker (the server starts it)", Hidden: true,
		RunE: func(c *cobra.Command, args []string) error {
			return sherpa.RunWorker(c.Context(), os.Stdin, os.Stdout, args)
		},
	}
}
