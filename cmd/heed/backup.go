package main

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"heed/internal/app"
	"heed/internal/archive"
)

func newBackup() *cobra.Command {
	c := &cobra.Command{
		Use: "backup --to DIR", Short: "Copy the data folder while the server runs", Args: noArgs,
		Long: `Copy the tables and the recordings into a new folder, while a server may use
them. Everything that was committed before the copying began is in it.

Everything in it that is about people is sealed under their keys, which are not
in it. Keep DATA/keys apart: copy that folder on its own, at least as often,
and delete its copies after 30 days at most, for an erasure is complete only
when no copy of the key is left.`,
		Example: "  heed backup --to /mnt/backup/2026-11-02 --data /var/lib/heed",
	}
	to := c.Flags().String("to", "", "the folder to make; it must be new or empty")
	load := settings(c, "data")
	c.RunE = func(c *cobra.Command, _ []string) error {
		if *to == "" {
			return misuse("name the folder with --to")
		}
		cfg, _, err := load()
		if err != nil {
			return err
		}
		b, err := archive.Save(c.Context(), cfg.Data, *to, time.Now)
		if err != nil {
			return err
		}
		fmt.Fprintf(c.OutOrStdout(), "saved everything up to event %d and %d recordings in %s; the keys are not in it\n", b.LastSeq, b.Recordings, *to)
		return nil
	}
	return c
}

func newRestore() *cobra.Command {
	c := &cobra.Command{
		Use: "restore --from DIR", Short: "Put a backup into a data folder", Args: noArgs,
		Long: `Put a backup into a data folder that has no tables yet. The folder of keys must
be there before (DATA/keys, from its own copy), and the master key as it was.

People who were erased after the backup was made stay erased: their keys are
gone, and what was copied of them is deleted. The search index is built at the
next start.`,
		Example: "  cp -a /mnt/keys/2026-11-02 /var/lib/heed/keys\n  heed restore --from /mnt/backup/2026-11-02 --data /var/lib/heed",
	}
	from := c.Flags().String("from", "", "the folder of the backup")
	load := settings(c, "data", "master-key-file")
	c.RunE = func(c *cobra.Command, _ []string) error {
		if *from == "" {
			return misuse("name the backup with --from")
		}
		cfg, _, err := load()
		if err != nil {
			return err
		}
		b, err := archive.Load(c.Context(), *from, cfg.Data, app.MasterKey(*cfg))
		if err != nil {
			return err
		}
		fmt.Fprintf(c.OutOrStdout(), "restored everything up to event %d and %d recordings into %s\n", b.LastSeq, b.Recordings, cfg.Data)
		return nil
	}
	return c
}
