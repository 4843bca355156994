// Command heed listens to phone calls while they happen and tells the agent
// the next best action. Run "heed --help".
//
// This package reads the command line, calls one part of Heed and says in
// plain words what came of it. It holds no other logic.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/spf13/cobra"
)

// version is set by the build.
var version = "dev"

// The exit statuses, as the help of the root command tells them.
const (
	statusDone        = 0
	statusFailed      = 1
	statusMisuse      = 2   // nothing was done
	statusInterrupted = 130 // as shells count SIGINT
)

func main() { os.Exit(run()) }

func run() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	// A second signal ends a command that does not come to its end.
	defer context.AfterFunc(ctx, stop)()
	return conclude(ctx, newRoot().ExecuteContext(ctx), os.Stderr)
}

// conclude tells what went wrong, one line a cause, and gives the exit status.
func conclude(ctx context.Context, err error, w io.Writer) int {
	if err == nil {
		return statusDone
	}
	if ctx.Err() != nil && errors.Is(err, context.Canceled) {
		_, _ = fmt.Fprintln(w, "heed: interrupted") // nobody is left to tell of a failure
		return statusInterrupted
	}
	for line := range strings.SplitSeq(err.Error(), "\n") {
		_, _ = fmt.Fprintln(w, "heed:", line)
	}
	if bad := (*usageError)(nil); errors.As(err, &bad) {
		return statusMisuse
	}
	return statusFailed
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
(HEED_LISTEN for --listen) or a line of the YAML file named by --config or
HEED_CONFIG; a flag beats the environment, which beats the file. "heed config"
shows what is in force and where each value came from.

The exit status is 0 when it was done, 1 when it failed, and 2 when the
command, its settings or its input are wrong and nothing was done.`,
		SilenceUsage:  true,
		SilenceErrors: true,
		Args:          subcommandOf,
		RunE:          func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		return misuse("%w; see \"%s --help\"", err, c.CommandPath())
	})
	root.AddCommand(
		newServe(), newCall(), newImport(), newTranscribe(), newCompare(), newCorrections(), newDNC(), newEval(), newExport(), newReanalyze(), newSimulate(), newWhatIf(), newErase(), newDecide(), newBackup(),
		newRestore(), newKeys(), newModel(), newEngines(), newDoctor(), newConfig(), newPolicy(), newCatalogue(), newConsent(), newAudit(), newLift(), newLevers(), newSpend(), newLink(), newUser(), newVersion(),
		newWorker(),
	)
	root.CompletionOptions.HiddenDefaultCmd = true
	root.SetHelpCommand(newHelp())
	return root
}

// subcommandOf refuses what is not one of a command's subcommands.
func subcommandOf(c *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	near := ""
	if c.SuggestionsMinimumDistance == 0 {
		c.SuggestionsMinimumDistance = 2
	}
	if like := c.SuggestionsFor(args[0]); len(like) > 0 {
		near = fmt.Sprintf(" (did you mean %q?)", like[0])
	}
	return misuse("unknown command %q%s; see \"%s --help\"", args[0], near, c.CommandPath())
}

// newHelp is cobra's help command, but one that fails on what it does not know.
func newHelp() *cobra.Command {
	return &cobra.Command{
		Use: "help [COMMAND]", Short: "Show the help of a command",
		RunE: func(c *cobra.Command, args []string) error {
			about, rest, err := c.Root().Find(args)
			if err != nil || len(rest) > 0 {
				return misuse("no help about %q; see \"heed --help\"", strings.Join(args, " "))
			}
			about.InitDefaultHelpFlag()
			return about.Help()
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
