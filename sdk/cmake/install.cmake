# SPDX-License-Identifier: Apache-2.0
# Installs the library so that find_package(skep-sdk) gives the target skep-sdk::skep-sdk.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)
install(TARGETS skep-sdk EXPORT skep-sdk-targets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(DIRECTORY include/skep DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/skep-sdk)
install(EXPORT skep-sdk-targets NAMESPACE skep-sdk:: DESTINATION ${package_dir})
configure_package_config_file(cmake/skep-sdk-config.cmake.in ${CMAKE_CURRENT_BINARY_DIR}/skep-sdk-config.cmake
                              INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(${CMAKE_CURRENT_BINARY_DIR}/skep-sdk-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/skep-sdk-config.cmake ${CMAKE_CURRENT_BINARY_DIR}/skep-sdk-config-version.cmake
        DESTINATION ${package_dir})
