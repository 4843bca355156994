package storetest_test

import (
	"testing"
	"time"

	"go.uber.org/goleak"

	"heed/internal/store"
	"heed/internal/store/storetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestSQLiteKeepsTheContract(t *testing.T) {
	storetest.Run(t, func(t *testing.T) storetest.Place {
		dir := t.TempDir()
		return func(now func() time.Time) (*store.Store, error) {
			return store.Open(t.Context(), store.Options{Path: dir, Now: now})
		}
	})
}
