package model

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"heed/transcribe/sherpa"
)

// stall is how long a download may stand still.
const stall = time.Minute

var (
	// ErrChecksum is an archive that is not the one the catalogue names.
	ErrChecksum = errors.New("the archive's checksum is wrong")
	// ErrUnreachable is a source that could not be reached.
	ErrUnreachable = errors.New("cannot reach the model's source; on a machine without internet put the model's folder where HEED_MODELS points")
)

// Pull fetches a model of the default catalogue; see [Puller.Pull].
func Pull(ctx context.Context, name, dir string, progress func(done, total int64)) error {
	return Puller{Catalogue: Default()}.Pull(ctx, name, dir, progress)
}

// Puller fetches models of its catalogue.
type Puller struct {
	Catalogue Catalogue
	Client    *http.Client  // default: one that gives up on a silent server
	Stall     time.Duration // how long a download may stand still; default 1 min
}

// Pull downloads a model into dir, which is made, checks it and unpacks it
// there. It blocks until it is done. What was downloaded before an interruption
// is used by the next Pull, if the server can go on from there. The model
// appears whole or not at all; one that is there and sound is left alone.
// progress, which may be nil, hears of the archive's bytes.
func (p Puller) Pull(ctx context.Context, name, dir string, progress func(done, total int64)) error {
	entry, err := p.Catalogue.entry(name)
	if err != nil {
		return err
	}
	target := filepath.Join(dir, entry.Folders[0])
	if sherpa.CheckModel(target) == nil {
		return nil
	}
	if err := p.pull(ctx, entry, target, progress); err != nil {
		return fmt.Errorf("pull model %s: %w", name, err)
	}
	return nil
}

func (p Puller) pull(ctx context.Context, entry Entry, target string, progress func(done, total int64)) error {
	dir := filepath.Dir(target)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	archive := filepath.Join(dir, "."+entry.Name+".tar.bz2.part")
	if progress == nil {
		progress = func(int64, int64) {}
	}
	if err := p.download(ctx, entry, archive, progress); err != nil {
		return err
	}
	if err := checkArchive(archive, entry); err != nil {
		// It would fail again, so the next Pull starts anew.
		return errors.Join(err, os.Remove(archive))
	}
	if err := install(archive, target); err != nil {
		return err
	}
	return os.Remove(archive)
}

// download completes the archive file.
func (p Puller) download(ctx context.Context, entry Entry, path string, progress func(done, total int64)) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	have, err := f.Seek(0, io.SeekEnd)
	if err != nil {
		return err
	}
	if have >= entry.Bytes {
		if have == entry.Bytes {
			return nil
		}
		have = 0
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	body, have, err := p.request(ctx, entry, have)
	if err != nil {
		return err
	}
	defer func() { _ = body.Close() }()
	if err := errors.Join(f.Truncate(have), seek(f, have)); err != nil {
		return err
	}
	err = p.save(f, body, cancel, func(n int64) { progress(have+n, entry.Bytes) }, entry.Bytes-have)
	if cause := context.Cause(ctx); err != nil && cause != nil {
		err = cause
	}
	return errors.Join(err, f.Close())
}

func seek(f *os.File, to int64) error {
	_, err := f.Seek(to, io.SeekStart)
	return err
}

// request asks for the archive from the given byte on, and tells from which
// one the server gives it.
func (p Puller) request(ctx context.Context, entry Entry, from int64) (io.ReadCloser, int64, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, entry.Source, nil)
	if err != nil {
		return nil, 0, err
	}
	if from > 0 {
		req.Header.Set("Range", "bytes="+strconv.FormatInt(from, 10)+"-")
	}
	resp, err := p.client().Do(req)
	if err != nil {
		return nil, 0, fmt.Errorf("%w: %w", ErrUnreachable, err)
	}
	switch {
	case resp.StatusCode == http.StatusPartialContent && from > 0:
		return resp.Body, from, nil
	case resp.StatusCode == http.StatusOK:
		return resp.Body, 0, nil
	}
	_ = resp.Body.Close()
	return nil, 0, fmt.Errorf("%w: %s answers %s", ErrUnreachable, req.URL.Host, resp.Status)
}

// client gives up on a server that does not answer.
func (p Puller) client() *http.Client {
	if p.Client != nil {
		return p.Client
	}
	return &http.Client{Transport: &http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		TLSHandshakeTimeout:   15 * time.Second,
		ResponseHeaderTimeout: 30 * time.Second,
		DisableKeepAlives:     true,
	}}
}

// save copies at most limit bytes; more than the catalogue says is an error.
func (p Puller) save(f io.Writer, body io.Reader, cancel context.CancelCauseFunc, progress func(int64), limit int64) error {
	patience := p.Stall
	if patience <= 0 {
		patience = stall
	}
	watchdog := time.AfterFunc(patience, func() { cancel(fmt.Errorf("%w: nothing came for %v", ErrUnreachable, patience)) })
	defer watchdog.Stop()
	buffer, done := make([]byte, 64<<10), int64(0)
	for {
		n, err := body.Read(buffer)
		if done += int64(n); done > limit {
			return fmt.Errorf("%w: it is longer than expected", ErrChecksum)
		}
		if _, err := f.Write(buffer[:n]); err != nil {
			return err
		}
		watchdog.Reset(patience)
		progress(done)
		switch {
		case errors.Is(err, io.EOF) && done < limit:
			return fmt.Errorf("%w: the download ended early", ErrUnreachable)
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return fmt.Errorf("%w: %w", ErrUnreachable, err)
		}
	}
}

func checkArchive(path string, entry Entry) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return err
	}
	if got := hex.EncodeToString(h.Sum(nil)); got != entry.SHA256 {
		return fmt.Errorf("%w: SHA-256 is %s, want %s", ErrChecksum, got, entry.SHA256)
	}
	return nil
}
