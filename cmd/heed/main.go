// Command heed listens to phone calls while they happen and tells the agent
// the next best action. Run "heed --help".
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"
)

// version is set by the build.
var version = "dev"

func main() { os.Exit(run()) }

func run() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := newRoot().ExecuteContext(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "heed:", err)
		if bad := (*usageError)(nil); errors.As(err, &bad) {
			return 2
		}
		return 1
	}
	return 0
}

// usageError is the user's mistake: exit status 2.
type usageError struct{ err error }

func (e *usageError) Error() string { return e.err.Error() }
func (e *usageError) Unwrap() error { return e.err }

func misuse(format string, args ...any) error {
	return &usageError{fmt.Errorf(format, args...)}
}

func newRoot() *cobra.Command {
	root := &cobra.Command{
		Use:   "heed",
		Short: "Listen to phone calls and tell the agent the next best action",
		Long: `Heed listens to a company's phone calls while they happen, understands them,
folds what it hears into one live profile of the customer, and tells the
agent the next best action with its reason.

Start here:
  heed doctor                    say what is missing and how to get it
  heed serve --demo              serve on http://localhost:8080 with demo calls
  heed call recording.wav        play a recording at a running server
  heed transcribe recording.wav  print what was said, without a server

Every setting of "heed serve" can be a flag, an environment variable
(HEED_LISTEN for --listen) or a line of the file named by --config.
"heed config" shows what is in force and where each value came from.`,
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		return misuse("%w; see \"%s --help\"", err, c.CommandPath())
	})
	root.AddCommand(
		newServe(), newCall(), newTranscribe(), newModel(), newEngines(),
		newDoctor(), newConfig(), newLink(), newVersion(), newWorker(),
	)
	root.CompletionOptions.HiddenDefaultCmd = true
	return root
}

func newVersion() *cobra.Command {
	return &cobra.Command{
		Use: "version", Short: "Print the version", Args: noArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			_, err := fmt.Fprintln(c.OutOrStdout(), "heed", version)
			return err
		},
	}
}

// noArgs refuses arguments with the status of a usage error.
func noArgs(c *cobra.Command, args []string) error {
	if len(args) > 0 {
		return misuse("%q takes no argument %q; see \"%s --help\"", c.Name(), args[0], c.CommandPath())
	}
	return nil
}
