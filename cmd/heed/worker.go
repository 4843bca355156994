package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"heed/transcribe/sherpa"
)

// newWorker is the process in which the speech runtime runs. The server
// starts it; people do not.
func newWorker() *cobra.Command {
	return &cobra.Command{
		Use: "stt-worker", Short: "Run the speech worker (the server starts it)", Hidden: true,
		RunE: func(c *cobra.Command, args []string) error {
			if term.IsTerminal(int(os.Stdin.Fd())) {
				return misuse("the server starts this command itself; it has no use from a terminal")
			}
			// A terminal and systemd send their signals to every process of
			// the server. The worker must live on while the server drains its
			// calls; it ends when the server closes its input or dies.
			signal.Ignore(os.Interrupt, syscall.SIGTERM)
			return sherpa.RunWorker(context.WithoutCancel(c.Context()), os.Stdin, os.Stdout, args)
		},
	}
}
