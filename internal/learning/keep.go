package learning

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// saveEvery is after how many events the checkpoint is written: as many are
// learnt again after a crash.
const saveEvery = 2000

// format names the form of the checkpoint: this line with a checksum of the
// rest, a line with the state, and the model.
const format = "heed-learner-1"

// save writes the checkpoint beside the old one and puts it in its place.
func (l *Learner) save() error {
	if l.model == nil || l.o.File == "" {
		return nil
	}
	body, err := json.Marshal(l.s)
	if err != nil {
		return fmt.Errorf("learner: checkpoint: %w", err)
	}
	rest := bytes.NewBuffer(append(body, '\n'))
	if err := l.model.Snapshot(rest); err != nil {
		return fmt.Errorf("learner: checkpoint: %w", err)
	}
	sum := sha256.Sum256(rest.Bytes())
	whole := append([]byte(format+" "+hex.EncodeToString(sum[:])+"\n"), rest.Bytes()...)
	if err := write(l.o.File, whole); err != nil {
		return fmt.Errorf("learner: checkpoint: %w", err)
	}
	l.unsaved = 0
	return nil
}

func write(name string, data []byte) (err error) {
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		return err
	}
	f, err := os.OpenFile(name+".part", os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return errors.Join(err, os.Remove(name+".part"))
	}
	return os.Rename(name+".part", name)
}

// errCheckpoint says that a checkpoint is not one of ours, or damaged.
var errCheckpoint = errors.New("no checkpoint, or a damaged one")

// load takes up the checkpoint; none is no error.
func (l *Learner) load() error {
	raw, err := os.ReadFile(l.o.File)
	if errors.Is(err, fs.ErrNotExist) || l.o.File == "" {
		return nil
	}
	if err != nil {
		return err
	}
	s, model, err := parse(raw)
	if err != nil {
		return err
	}
	if err := l.model.Restore(bytes.NewReader(model)); err != nil {
		return err
	}
	l.s = s
	return nil
}

func parse(raw []byte) (s state, model []byte, err error) {
	head, rest, _ := bytes.Cut(raw, []byte("\n"))
	sum := sha256.Sum256(rest)
	if string(head) != format+" "+hex.EncodeToString(sum[:]) {
		return s, nil, errCheckpoint
	}
	body, model, _ := bytes.Cut(rest, []byte("\n"))
	s = newState()
	if err := json.Unmarshal(body, &s); err != nil {
		return s, nil, fmt.Errorf("%w: %w", errCheckpoint, err)
	}
	return s, model, nil
}
