package amazon

import (
	"errors"
	"fmt"
	"strings"

	"heed/transcribe/remote"
)

var (
	// errEnded is a stream that the service closed without being asked to.
	errEnded = errors.New("service ended the stream early")
	// errNoEvent hides a JSON error, which could hold what was said.
	errNoEvent = errors.New("transcript event is not the document's JSON")
)

// quiet is in the message of the BadRequestException that only means that no
// audio came for 15 seconds, as on a line that was down.
const quiet = "no new audio was received"

// verdict gives an exception of the service its consequence. What is left
// plain makes the runner connect again.
func verdict(kind, message string) error {
	err := fmt.Errorf("%.80s: %.300s", kind, message)
	switch kind {
	case "LimitExceededException", "ThrottlingException", "TooManyRequestsException":
		return remote.Limited(name, 0, err)
	case "InternalFailureException", "InternalFailure", "ServiceUnavailableException", "ServiceUnavailable", "ConflictException":
		return err
	case "BadRequestException":
		if strings.Contains(message, quiet) {
			return err
		}
	}
	return remote.Refused(name, err)
}
