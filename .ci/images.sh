#!/usr/bin/env bash
# Creates the database images for the tests. Source it for images_make.
#
# PostgreSQL, MariaDB and Redis from Debian packages, unpacked into one root file system and stored as a tar under artifacts/. No registry
# is used: apt downloads the packages from this machine's own source, with dependencies resolved as if nothing were installed. They are
# unpacked but not configured, which would take five times as long and need a chroot. Only the three users of the servers are then missing.

images_packages="base-files base-passwd dash coreutils grep sed mawk findutils util-linux libc-bin
    postgresql mariadb-server-core mariadb-client-core redis-server redis-tools"

images_possible() {
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null
}

# Sets FLEET_TEST_DATABASES to the tar, and creates it if it does not exist (half a minute). Its name contains the version of this file.
images_make() {
    local folder=$1/artifacts/test-images tar work code=0
    tar=$folder/databases-$(sha256sum "${BASH_SOURCE[0]}" | cut -c1-12).tar
    if [ ! -s "$tar" ]; then
        mkdir -p "$folder"
        rm -f "$folder"/databases-*.tar
        rm -rf "$folder"/work.*
        work=$(mktemp -d "$folder/work.XXXXXX")
        echo "Creating the database images for the tests from Debian packages."
        images_unpack "$work" "$tar" >"$work/log" 2>&1 || code=$?
        [ $code = 0 ] || tail -n 15 "$work/log" >&2
        rm -rf "$work"
        [ $code = 0 ] || return $code
    fi
    export FLEET_TEST_DATABASES=$tar
}

images_unpack() {
    local work=$1 tar=$2 root=$1/root package
    mkdir -p "$work/archives/partial" "$root"/usr/{bin,sbin,lib,lib64} "$root"/{etc,tmp,run,proc,dev,sys,var/lib,root}
    : >"$work/status"
    local apt=(apt-get -o "Dir::State::status=$work/status"
        -o "Dir::Cache::archives=$work/archives" -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache=
        -o Debug::NoLocking=1 -o APT::Sandbox::User=root --yes --no-install-recommends --download-only install)
    # shellcheck disable=SC2086
    "${apt[@]}" $images_packages || { apt-get -o DPkg::Lock::Timeout=600 update && "${apt[@]}" $images_packages; } || return 1

    # Debian has merged /usr. Packages that still use /bin are covered by the links.
    for package in bin sbin lib lib64; do ln -s "usr/$package" "$root/$package"; done
    for package in "$work"/archives/*.deb; do
        dpkg-deb --fsys-tarfile "$package" | tar -x -C "$root" --keep-directory-symlink --no-same-owner \
            --exclude='./usr/share/doc/*' --exclude='./usr/share/man/*' --exclude='./usr/share/locale/*' --exclude='./usr/share/i18n/*' \
            --exclude='*/libLLVM*' --exclude='*/libz3.so*' --exclude='*/llvmjit*' --exclude='*/bitcode/*' --exclude='*.mo' \
            --exclude='./usr/share/perl/*/unicore/*' || return 1
    done
    ln -sf dash "$root/usr/bin/sh"
    ln -sf mawk "$root/usr/bin/awk"
    cp "$root/usr/share/base-passwd/passwd.master" "$root/etc/passwd"
    cp "$root/usr/share/base-passwd/group.master" "$root/etc/group"
    local id=900
    for package in postgres mysql redis; do
        id=$((id + 1))
        echo "$package:x:$id:$id::/var/lib/$package:/bin/sh" >>"$root/etc/passwd"
        echo "$package:x:$id:" >>"$root/etc/group"
    done
    chmod 1777 "$root/tmp"
    /sbin/ldconfig -r "$root" || return 1
    tar -c -C "$root" --owner=0 --group=0 --numeric-owner -f "$tar.part" . && mv "$tar.part" "$tar"
}
