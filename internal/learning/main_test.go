package learning

import (
	"os"
	"testing"

	"go.uber.org/goleak"
)

// TestMain is also the server that the crash test kills.
func TestMain(m *testing.M) {
	if dir := os.Getenv("HEED_LEARNING_CHILD"); dir != "" {
		os.Exit(crashChild(dir))
	}
	goleak.VerifyTestMain(m, goleak.IgnoreTopFunction("github.com/blevesearch/bleve_index_api.AnalysisWorker"))
}
