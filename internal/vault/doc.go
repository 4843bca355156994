// Package vault gives each person a data key of their own, under which all
// that Heed keeps of them is sealed, so that destroying one key makes all
// copies of it unreadable: in the tables, the log, recordings and backups.
//
// A data key is 32 random bytes for AES-256-GCM. It is stored wrapped by the
// master key, in a file of its own that no backup of the log holds. A key is
// made on first use and becomes durable by Flush, before what was sealed with
// it is committed. A person whose key was destroyed never gets another one.
//
// The package holds no SQL and knows nothing of what it seals. It refuses
// master keys that are not 32 bytes, and to open what was sealed for another
// person or place.
package vault
