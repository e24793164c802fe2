# Runs in any image with PostgreSQL's client of the server's version or newer. A dump has its name only when it is whole.
name=/backup/cpt-$(date -u +%Y%m%dT%H%M%SZ)
pg_dump --format=custom --file="$name.part" "$DSN"
pg_restore --list "$name.part" >/dev/null
mv "$name.part" "$name.dump"
find /backup -maxdepth 1 -name 'cpt-*.part' -mmin +1440 -delete
find /backup -maxdepth 1 -name 'cpt-*.dump' -mtime +"$KEEP_DAYS" -delete
ls -l "$name.dump"
