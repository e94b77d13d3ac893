CREATE DATABASE rejoin;
CREATE DATABASE powersync_storage;
