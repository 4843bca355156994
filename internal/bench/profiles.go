package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"slices"
	"time"
)

const (
	// historyEvents is how much has happened to the customer who is read.
	historyEvents = 10_000
	profileReads  = 500
)

// profiles measures how long a customer with a long history takes to be read,
// by the API and one reader.
func profiles(ctx context.Context) error {
	fmt.Printf("Reads of a customer with %d events of history (budget p99 10 ms)\n", historyEvents)
	return withServer(ctx, load{people: 1, batch: 100}, func(s *senders) error {
		dice := rand.New(rand.NewPCG(1, 1))
		for range historyEvents / s.batch {
			path, body := s.request(dice)
			if err := s.post(ctx, path, body); err != nil {
				return err
			}
		}
		id, err := s.theCustomer(ctx)
		if err != nil {
			return err
		}
		for _, read := range []struct{ name, path string }{
			{"at a glance", "/v1/customers/" + id},
			{"first page of the timeline", "/v1/customers/" + id + "/timeline"},
			{"its traits only", "/v1/customers/" + id + "/timeline?types=trait"},
		} {
			if err := s.readFor(ctx, read.name, read.path); err != nil {
				return err
			}
		}
		return nil
	})
}

func (s *senders) readFor(ctx context.Context, name, path string) error {
	took := make([]time.Duration, profileReads)
	for i := range took {
		began := time.Now()
		if _, err := s.get(ctx, path); err != nil {
			return err
		}
		took[i] = time.Since(began)
	}
	slices.Sort(took)
	at := func(q float64) time.Duration {
		return took[int(q*float64(len(took)-1))].Round(10 * time.Microsecond)
	}
	fmt.Printf("  %-31s p50 %s  p95 %s  p99 %s\n", name, at(.5), at(.95), at(.99))
	return nil
}

// theCustomer gives the id of the one customer that there is.
func (s *senders) theCustomer(ctx context.Context) (string, error) {
	raw, err := s.get(ctx, "/v1/customers")
	if err != nil {
		return "", err
	}
	var page struct{ Customers []struct{ ID string } }
	if err := json.Unmarshal(raw, &page); err != nil || len(page.Customers) == 0 {
		return "", errors.Join(errors.New("no customer was made"), err)
	}
	return page.Customers[0].ID, nil
}

func (s *senders) get(ctx context.Context, path string) ([]byte, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, s.url+path, http.NoBody)
	if err != nil {
		return nil, err
	}
	r.SetBasicAuth(s.key, "")
	res, err := s.client.Do(r)
	if err != nil {
		return nil, err
	}
	defer func() { _ = res.Body.Close() }() // read to its end
	raw, err := io.ReadAll(res.Body)
	if err == nil && res.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %d %.200s", path, res.StatusCode, raw)
	}
	return raw, err
}
